package main

import (
	"encoding/json"
	"strings"
	"unicode"

	"golang.org/x/text/runes"
	"golang.org/x/text/transform"
	"golang.org/x/text/unicode/norm"
)

// place is a city with the weather that it always has.
type place struct {
	name, country string
	tempC         json.Number
	condition     string
	aliases       []string
}

var places = []place{
	{"Amsterdam", "NL", "9.4", "Light rain", nil},
	{"Athens", "GR", "16.8", "Sunny", []string{"Athina"}},
	{"Bangkok", "TH", "29.6", "Humid", nil},
	{"Barcelona", "ES", "14.9", "Sunny", nil},
	{"Beijing", "CN", "4.1", "Haze", nil},
	{"Berlin", "DE", "5.6", "Overcast", nil},
	{"Bern", "CH", "6.0", "Fog", []string{"Berne"}},
	{"Bogota", "CO", "14.2", "Light rain", nil},
	{"Brussels", "BE", "7.8", "Overcast", []string{"Bruxelles", "Brussel"}},
	{"Buenos Aires", "AR", "22.7", "Sunny", nil},
	{"Cairo", "EG", "20.3", "Clear", nil},
	{"Cape Town", "ZA", "19.5", "Windy", nil},
	{"Chicago", "US", "4.4", "Windy", nil},
	{"Cologne", "DE", "7.1", "Light rain", []string{"Köln"}},
	{"Copenhagen", "DK", "5.3", "Overcast", []string{"København", "Kobenhavn"}},
	{"Delhi", "IN", "20.9", "Haze", []string{"New Delhi"}},
	{"Dublin", "IE", "8.6", "Light rain", nil},
	{"Geneva", "CH", "7.2", "Fog", []string{"Genève", "Genf"}},
	{"Hamburg", "DE", "6.2", "Drizzle", nil},
	{"Helsinki", "FI", "1.2", "Snow", nil},
	{"Hong Kong", "HK", "22.4", "Partly cloudy", nil},
	{"Istanbul", "TR", "12.6", "Partly cloudy", nil},
	{"Jakarta", "ID", "28.1", "Thunderstorm", nil},
	{"Johannesburg", "ZA", "20.6", "Partly cloudy", nil},
	{"Lagos", "NG", "28.4", "Humid", nil},
	{"Lima", "PE", "18.3", "Overcast", nil},
	{"Lisbon", "PT", "15.7", "Sunny", []string{"Lisboa"}},
	{"London", "GB", "9.1", "Light rain", nil},
	{"Los Angeles", "US", "18.2", "Sunny", nil},
	{"Madrid", "ES", "11.3", "Clear", nil},
	{"Melbourne", "AU", "18.9", "Partly cloudy", nil},
	{"Mexico City", "MX", "16.5", "Partly cloudy", []string{"Ciudad de México"}},
	{"Milan", "IT", "9.0", "Fog", []string{"Milano"}},
	{"Moscow", "RU", "-1.8", "Snow", nil},
	{"Mumbai", "IN", "27.9", "Haze", nil},
	{"Munich", "DE", "4.7", "Overcast", []string{"München"}},
	{"Nairobi", "KE", "19.8", "Partly cloudy", nil},
	{"New York", "US", "9.7", "Clear", []string{"New York City"}},
	{"Oslo", "NO", "0.6", "Snow", nil},
	{"Paris", "FR", "8.9", "Overcast", nil},
	{"Prague", "CZ", "5.0", "Overcast", []string{"Praha"}},
	{"Reykjavik", "IS", "2.4", "Windy", nil},
	{"Rio de Janeiro", "BR", "25.8", "Partly cloudy", nil},
	{"Rome", "IT", "12.9", "Sunny", []string{"Roma"}},
	{"San Francisco", "US", "14.0", "Fog", nil},
	{"Santiago", "CL", "19.1", "Sunny", []string{"Santiago de Chile"}},
	{"Sao Paulo", "BR", "21.6", "Light rain", nil},
	{"Seattle", "US", "8.3", "Drizzle", nil},
	{"Seoul", "KR", "7.5", "Clear", nil},
	{"Shanghai", "CN", "13.2", "Overcast", nil},
	{"Singapore", "SG", "27.3", "Thunderstorm", nil},
	{"Stockholm", "SE", "2.9", "Overcast", nil},
	{"Sydney", "AU", "20.7", "Sunny", nil},
	{"Tokyo", "JP", "13.8", "Clear", nil},
	{"Toronto", "CA", "4.9", "Partly cloudy", nil},
	{"Vancouver", "CA", "7.0", "Light rain", nil},
	{"Vienna", "AT", "6.4", "Overcast", []string{"Wien"}},
	{"Warsaw", "PL", "4.3", "Overcast", []string{"Warszawa"}},
	{"Zurich", "CH", "8.3", "Partly cloudy", nil},
}

var byName = func() map[string]place {
	names := map[string]place{}
	for _, p := range places {
		names[fold(p.name)] = p
		for _, alias := range p.aliases {
			names[fold(alias)] = p
		}
	}
	return names
}()

// find knows a place by its English name or its own, whatever the case, with or without its diacritics.
func find(name string) (place, bool) {
	p, ok := byName[fold(name)]
	return p, ok
}

// fold removes case, diacritics and superfluous blanks: "ZÜRICH" becomes "zurich".
func fold(name string) string {
	unmarked, _, err := transform.String(transform.Chain(norm.NFD, runes.Remove(runes.In(unicode.Mn))), name)
	if err != nil {
		unmarked = name
	}
	return strings.Join(strings.Fields(strings.ToLower(unmarked)), " ")
}
