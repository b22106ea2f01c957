package integrations

import "testing"

func TestMock(t *testing.T) {
	checkMethod(t, "GET", "/mock", `
		Type: MOCK
		PassthroughBehavior: NEVER
		template application/json: mappings/mock/message/request.vtl
		response 200 //
		template application/json: mappings/mock/message/response.vtl`)
	checkMethod(t, "GET", "/mock/products", `
		Type: MOCK
		PassthroughBehavior: NEVER
		template application/json: mappings/mock/products/request.vtl
		response 200 //
		header method.response.header.Cache-Control: 'public, max-age=300'
		template application/json: mappings/mock/products/response.vtl`)
	checkMethod(t, "GET", "/mock/errors/{code}", `
		Type: MOCK
		PassthroughBehavior: NEVER
		template application/json: mappings/mock/errors/request.vtl
		response 400 /400/
		template application/json: mappings/mock/errors/response.vtl
		response 403 /403/
		template application/json: mappings/mock/errors/response.vtl
		response 404 /404/
		template application/json: mappings/mock/errors/response.vtl
		response 429 /429/
		template application/json: mappings/mock/errors/response.vtl
		response 500 /500/
		template application/json: mappings/mock/errors/response.vtl
		response 503 /503/
		template application/json: mappings/mock/errors/response.vtl
		parameter method.request.path.code: true`)
}
