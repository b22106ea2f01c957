package hostprocess

import "maps"

// Environment lists the variables of a program that is somebody else's code, as
// exec.Cmd has them: those of the sources, of which a later one counts more, and
// nothing of this process's own.
func Environment(sources ...map[string]string) []string {
	all := map[string]string{}
	for _, source := range sources {
		maps.Copy(all, source)
	}
	list := make([]string, 0, len(all))
	for name, value := range all {
		list = append(list, name+"="+value)
	}
	return list
}
