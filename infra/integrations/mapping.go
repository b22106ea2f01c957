package integrations

import (
	"fmt"
	"io/fs"
	"path"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsapigateway"
	"github.com/aws/jsii-runtime-go"
)

// mappingsMetadata is the key of a method's metadata that says which file each
// of its mapping templates came from; the local gateway names the file in its
// errors and reloads it.
const mappingsMetadata = "apigw:mappings"

const (
	typeJSON = "application/json"
	typeXML  = "application/xml"
)

// Mappings are the mapping templates of a project by path: "mappings/…/request.vtl".
type Mappings map[string]string

// ReadMappings reads every .vtl file below mappings/ in the project's folder.
func ReadMappings(project fs.FS) (Mappings, error) {
	m := Mappings{}
	err := fs.WalkDir(project, "mappings", func(name string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() || path.Ext(name) != ".vtl" {
			return nil
		}
		text, err := fs.ReadFile(project, name)
		m[name] = string(text)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read mapping templates: %w", err)
	}
	return m, nil
}

// methodMappings are the mapping templates that one method uses: their texts go
// into the integration, their file names into the method's metadata.
type methodMappings struct {
	mappings Mappings
	folder   string            // "mappings/<integration>[/<operation>]"
	files    map[string]string // property path in the method → file
	missing  []string
}

func (m Mappings) method(folder string) *methodMappings {
	return &methodMappings{mappings: m, folder: path.Join("mappings", folder), files: map[string]string{}}
}

// template returns the text of a file in the method's folder and notes that the
// property holds it.
func (m *methodMappings) template(property, file string) *string {
	name := path.Join(m.folder, file)
	text, ok := m.mappings[name]
	if !ok {
		m.missing = append(m.missing, name)
	}
	m.files[property] = name
	return jsii.String(text)
}

// requestTemplates returns the request templates: content type → file.
func (m *methodMappings) requestTemplates(files map[string]string) *map[string]*string {
	texts := map[string]*string{}
	for contentType, file := range files {
		texts[contentType] = m.template("Integration/RequestTemplates/"+contentType, file)
	}
	return &texts
}

// record writes the file names into the method's metadata. A missing file is an
// error of the synthesis, shown with all others.
func (m *methodMappings) record(method awsapigateway.Method) {
	method.Node().DefaultChild().(awsapigateway.CfnMethod).AddMetadata(jsii.String(mappingsMetadata), m.files)
	for _, name := range m.missing {
		awscdk.Annotations_Of(method).AddError(jsii.Sprintf("%s: no such mapping template; add the file", name))
	}
}
