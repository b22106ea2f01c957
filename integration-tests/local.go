package integrationtests

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"

	"github.com/apigw-integrations/apigw-integrations/emulator"
)

// StartLocal serves a cloud assembly by a gateway in this process.
func StartLocal(ctx context.Context, o emulator.Options) (*Target, error) {
	if _, err := os.Stat(o.App); errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("%s does not exist: run make synth", o.App)
	}
	gateway, err := emulator.Start(ctx, o)
	if err != nil {
		return nil, err
	}
	t := &Target{Name: Local, Outputs: gateway.Outputs(), run: newRun(), close: gateway.Close}
	if err := t.reach(ctx, gateway); err != nil {
		return nil, errors.Join(err, gateway.Close(ctx))
	}
	return t, nil
}

func (t *Target) reach(ctx context.Context, gateway *emulator.Emulator) error {
	base, err := url.Parse(gateway.BaseURL())
	if err != nil {
		return err
	}
	env, err := gateway.Env(ctx)
	if err != nil {
		return err
	}
	t.BaseURL = base
	t.Signed = t.Outputs.signed()
	if id, ok := t.Outputs.Find("ApiKeyId"); ok {
		for _, key := range gateway.APIs()[0].APIKeys {
			if key.ID == id {
				t.apiKey = key.Value
			}
		}
	}
	t.config = aws.Config{
		Region:      env["AWS_REGION"],
		Credentials: credentials.NewStaticCredentialsProvider(env["AWS_ACCESS_KEY_ID"], env["AWS_SECRET_ACCESS_KEY"], ""),
	}
	t.connect(func(service string) *string {
		return aws.String(cmp.Or(env["AWS_ENDPOINT_URL_"+service], env["AWS_ENDPOINT_URL"]))
	})
	return nil
}
