package backend

import "testing"

func TestMockStatus(t *testing.T) {
	tests := []struct {
		text string
		want int // 0: refused
	}{
		{`{"statusCode": 200}`, 200},
		{` {"statusCode":404,"other":{"statusCode":1}} `, 404},
		{`{"other":{"statusCode":1},"statusCode":204}`, 204},
		{`{"statusCode": 201, "statusCode": 500}`, 201},
		{`{statusCode: 200}`, 200},
		{`{'statusCode': 200, '': ''}`, 200},
		{`{statusCode: 200,super{ f}oo: [ba r]}`, 200},
		{`{statusCode: 200, foo'}: [ba r]}`, 200},
		{`{statusCode: 200, }foo: [ba r]}`, 200},
		{`{statusCode: 200, message: "a, b: c"}`, 200},
		{`{"statusCode": 200 ,, }`, 200},
		{`{"statusCode": 200 , statusCode: null }`, 200},
		{`{"statusCode": "200"}`, 0},
		{`{"statusCode": 200.5}`, 0},
		{`{"statusCode": 200`, 0},
		{`{statusCode: 200, {foo: [ba r]}`, 0},
		{`{"statusCode': 200 }`, 0},
		{`{'statusCode: 200 }`, 0},
		{`{statusCode": 200 }`, 0},
		{`{statusCode: 200, value: 'open}`, 0},
		{`statusCode: 200`, 0},
		{`{}`, 0},
		{`[]`, 0},
		{``, 0},
		{`{`, 0},
		{`{"other": 1}`, 0},
	}
	for _, test := range tests {
		t.Run(test.text, func(t *testing.T) {
			got, err := mockStatus(test.text)
			if got != test.want || (err != nil) != (test.want == 0) {
				t.Errorf("got %d %v, want %d", got, err, test.want)
			}
		})
	}
}

func FuzzMockStatus(f *testing.F) {
	for _, seed := range []string{`{"statusCode": 200}`, `{a:'b', statusCode: 1}`, `{"`, `{:,:}`, `{,"':"}`} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) { _, _ = mockStatus(text) }) // must end and not panic
}
