package conformance

// section is a part of docs/fidelity.md, which is made of sections: claims
// about the service, and text around them.
type section struct {
	title string
	parts []part
}

type part struct {
	text    string
	subject string   // how the sentences of claims begin
	tests   []string // of the claims without a rule
	claims  []claim
}

// claim is what the gateway does because the service is said to do it. Code and
// cases name it by its rule; rule 0 has no number.
type claim struct {
	rule  int
	text  string
	label string // evidence: recorded, documented or unverified, and of what
}

var sections = []section{
	{title: `Routing`, parts: []part{
		{subject: `the service …`, claims: []claim{
			{1, `gives one and the same 403 for a path it doesn't know and a method it doesn't have`, `recorded`},
			{2, `looks on at a greedy resource when the literal one lacks the method`, `recorded`},
			{3, `takes ANY of a literal resource before a named method of a greedy one`, `recorded`},
			{4, `prefers literals at each level, but falls back to a greedy ancestor`, `recorded`},
			{5, "ignores extra slashes around the stage; `requestContext.path` keeps those behind it", `recorded`},
			{6, `keeps double slashes inside a greedy value, drops its last slash`, `recorded`},
			{7, `never decodes paths`, `recorded`},
			{8, "decodes query values, `+` too", `recorded`},
			{9, `reaches private APIs by three kinds of host name`, "recorded; that it refuses another API's `x-apigw-api-id`: unverified"},
		}},
		{text: `Beside the rules:`},
		{subject: `the service …`, tests: []string{"emulator/gateway/gateway_response_test.go", "emulator/gateway/listener_test.go", "emulator/gateway/match_test.go", "emulator/gateway/method_request_test.go"}, claims: []claim{
			{0, "takes the method that `X-HTTP-Method-Override` names", `documented`},
			{0, `parts a query at semicolons too`, `documented`},
			{0, `doesn't support pipes and braces in a query, unless escaped`, `documented; that it answers 400: unverified`},
			{0, "answers 413 for a body over 10 MB, whatever the API says of `REQUEST_TOO_LARGE`", `documented`},
		}},
	}},
	{title: `Event of a Lambda proxy`, parts: []part{
		{subject: `the event …`, claims: []claim{
			{10, `has twelve members`, `recorded`},
			{11, `has null for what the request lacks, never an empty object`, `recorded`},
			{12, `shows a repeated query name's last value, and all in the multi map`, `recorded`},
			{13, `keeps the spelling of header names, but for a few well-known ones`, `recorded`},
			{14, "has a fixed set of `requestContext` members", `recorded`},
			{15, "has a fixed set of `identity` members, null when unknown", `recorded`},
			{16, "names Host as `domainName` and the API's ID as `domainPrefix`", `recorded`},
			{17, `has added trace and forwarding headers`, `recorded`},
			{18, `lacks twelve hop-by-hop and body headers`, `recorded`},
			{19, `is not touched by mappings or undeclared requirements`, `recorded`},
			{20, `has the body as the text that was sent`, `recorded`},
		}},
	}},
	{title: `Answer of a Lambda proxy`, parts: []part{
		{subject: `the service …`, claims: []claim{
			{21, "takes 200 for a missing status, and `{}` for an empty answer", `recorded`},
			{22, `takes a status in digits as text`, `recorded`},
			{23, `makes a 502 of any other shape`, `recorded`},
			{24, `takes null headers, and booleans as text`, `recorded`},
			{25, `merges the two header maps without regard to case, multi values first`, `recorded`},
			{26, "says `application/json` when the function says nothing", `recorded`},
			{27, `passes undeclared statuses and ignores integration responses`, `recorded`},
			{28, "decodes base64 only if the first `Accept` type is binary to the API", `recorded`},
			{29, "reads `*` in binary types on the right only, and not in `Accept`", `recorded`},
			{30, `makes a 500 of base64 that is none`, `recorded`},
			{31, `makes a 500 of an integration method other than POST`, `recorded`},
		}},
	}},
	{title: `Lambda, not proxy`, parts: []part{
		{subject: `the service …`, claims: []claim{
			{32, "sends the body as event when no template is there; `{}` without body", `recorded`},
			{33, `takes any JSON as event`, `recorded`},
			{34, `takes the JSON template when the request has no content type`, `recorded`},
			{35, "holds patterns against `errorMessage` only; no error, no pattern", `recorded`},
			{36, `chooses one of several fitting patterns; by which order is open`, `recorded, open`},
			{37, `gives the error object as the body`, `recorded`},
			{38, `answers an asynchronous call with an empty 200`, `recorded`},
			{39, `fills stage variables into the function's name`, `recorded`},
			{40, `puts mapped headers on the Invoke call, not into the event`, `recorded`},
		}},
	}},
	{title: `Mock`, parts: []part{
		{subject: `the service …`, claims: []claim{
			{41, "wants an integer `statusCode`, takes bare keys", `recorded; the 500 cases unverified`},
			{42, `holds patterns against that status`, `recorded`},
			{43, `answers an empty body without a response template`, `recorded`},
			{44, `carries overrides from the request to the response template`, `recorded`},
			{45, `lets overrides of the request template act on the answer, unknown ones too`, `recorded`},
			{46, `treats the three passthrough settings alike when a template fits`, `recorded`},
			{47, `never adds a trace header`, `recorded`},
		}},
	}},
	{title: `HTTP`, parts: []part{
		{subject: `the service …`, claims: []claim{
			{48, `sends no client header but mapped ones (HTTP), and a few of its own`, `recorded`},
			{49, `sends all but thirteen (HTTP_PROXY), with the backend's Host`, `recorded`},
			{50, `lets mapped headers replace others, most dropped ones too`, `recorded`},
			{51, "makes a 500 of each call that maps `Content-Length` or `Transfer-Encoding`, for Lambda of some more", `recorded`},
			{52, `passes no backend header unmapped (HTTP)`, `recorded`},
			{53, "passes them (HTTP_PROXY), five under `x-amzn-Remapped-`", `recorded`},
			{54, `renames fourteen mapped response headers likewise, and drops one`, `recorded`},
			{55, `ignores response mappings of proxies`, `recorded`},
			{56, `puts a trace header on some types' answers only`, `recorded`},
			{57, `holds the whole status against patterns (HTTP), passes it (HTTP_PROXY)`, `recorded`},
			{58, `calls with the integration's method; ANY is the client's`, `recorded`},
			{59, `fills placeholders anywhere in the URI and joins queries`, `recorded`},
			{60, `skips a mapping without a source`, `recorded`},
			{61, "maps from `context.`", `recorded`},
			{62, `fills stage variables into host, path and query; a host that is none is a 500`, `recorded`},
			{63, `keeps or completes the client's trace ID`, `recorded`},
		}},
	}},
	{title: `AWS services`, parts: []part{
		{subject: `the service …`, claims: []claim{
			{64, `sends the rendered body as a JSON service's input`, `recorded`},
			{65, `asks services of the query protocol for JSON, gets it in an envelope`, `recorded for SQS and SSM; SNS unverified`},
			{66, `switches SQS to JSON by mapped headers`, `recorded`},
			{67, `takes mapped query parameters as the action's`, `recorded`},
			{68, `takes target and content type from overrides`, `recorded`},
			{69, `refuses AWS_PROXY to services other than Lambda, at deployment`, `recorded`},
			{70, `wants an integration method of all types but MOCK`, `recorded`},
		}},
	}},
	{title: `Binary bodies`, parts: []part{
		{subject: `the service …`, claims: []claim{
			{71, `takes a body as binary by its content type; text is UTF-8, what isn't is lost`, `recorded`},
			{72, "converts requests by `contentHandling`", `recorded`},
			{73, "converts answers to the kind that `Accept` wants", `recorded`},
			{74, "converts answers by `contentHandling`", `recorded`},
			{75, `makes a 500 of binary data that meets a template`, `recorded`},
			{76, `takes the only response template for other types too`, `recorded`},
		}},
	}},
	{title: `Compression`, parts: []part{
		{subject: `the service …`, tests: []string{"emulator/gateway/compression_test.go"}, claims: []claim{
			{0, "undoes `gzip` and `deflate` of a body before anything reads it; 415 for other codings and for a body that is in none", `documented`},
			{0, `does so where the API sets no minimum size; leaves smaller bodies as they are where it does`, `documented`},
			{0, "compresses answers from the minimum size on, if the client's most preferred coding is `gzip` or `deflate` and the endpoint has none", `documented`},
			{0, "takes the first known one of codings that are preferred alike; keeps `Content-Encoding` in events", `unverified`},
			{0, `leaves its own error answers as they are; answers 413 for what is over 10 MB when it is undone`, `unverified`},
		}},
	}},
	{title: `Streaming`, parts: []part{
		{subject: "with `ResponseTransferMode: STREAM` the service …", tests: []string{"emulator/gateway/streaming_test.go", "emulator/stream_test.go", "emulator/backend/lambda_stream_test.go"}, claims: []claim{
			{0, "sends answers of `HTTP_PROXY` and `AWS_PROXY` on while they come, whatever their size, not compressed", `documented`},
			{0, `wants status and headers of a function as JSON, eight null bytes within 16 KB, then the body`, `documented; its members, and a 502 for anything else: unverified`},
			{0, `breaks off when nothing came for five minutes, thirty seconds at an edge`, `documented`},
			{0, `breaks off when the integration's timeout is over, 29 seconds unless it says otherwise`, `unverified`},
		}},
		{text: `This gateway doesn't slow down what is over 10 MB.`},
	}},
	{title: `Mapping templates`, parts: []part{
		{subject: `in a template …`, claims: []claim{
			{77, `objects print as Java maps, arrays as JSON`, `recorded`},
			{78, "`toString()` is what prints", `recorded`},
			{79, "what is missing or null prints nothing, equals null and `\"\"`", `recorded`},
			{80, `an empty array is neither`, `recorded`},
			{81, "an empty body is `{}`", `recorded`},
			{82, "`$input.body` is text without properties", `recorded`},
			{83, "`urlEncode` is that of forms; of nothing it is nothing", `recorded`},
			{84, "`$input.params(name)` looks into path, query, headers", `recorded`},
			{85, `maps, lists and strings have their Java methods`, `recorded`},
			{86, `a missing stage variable prints nothing`, `recorded`},
			{87, "`$context` has a fixed set of members", `recorded`},
			{88, "maps inside `$context` print nothing, but can be walked", `recorded`},
			{89, `the overrides begin with three maps and one`, `recorded`},
			{90, "`isCanaryRequest` is there in stages with a canary, whose variables lie over the stage's", `recorded`},
			{91, `a status override needs no declaration`, `recorded`},
			{92, "`base64*`, `parseJson`, `escapeJavaScript` do what they say", `recorded`},
		}},
		{text: "Documented beside the rules: a template has at most 300 KB, a loop 1,000 rounds; an override may be written once, and a\n" +
			"second time gives a 5xx. The last isn't imitated: here the last one holds. `$context.awsEndpointRequestId` is there\n" +
			"once an endpoint gave one.\n" +
			"\n" +
			"The engine is like Velocity 1.7 *(recorded in part: hyphens in names, index assignment)*. White space around directives\n" +
			"is not recorded. Undefined values have two readings that fit all recordings: null, or the empty string. We take null.\n" +
			"Our own templates give the same in both, and a test with Velocity holds them to it.\n" +
			"Whether `escapeJavaScript` writes `\\/` for `/` is not recorded either; it is the same JSON."},
	}},
	{title: `Validation, gateway responses, import`, parts: []part{
		{subject: `the service …`, claims: []claim{
			{93, `lists missing parameters by header, path, query, before it looks at the body`, `recorded`},
			{94, "says only `Invalid request body` of a body; none counts as `{}`", `recorded`},
			{95, `enforces nothing without a validator`, `recorded`},
			{96, "follows references between models; ignores `format`", `recorded`},
			{97, `gives 403 for a missing or disabled API key`, `recorded`},
			{98, `has one exact body and header for a 500`, `recorded`},
			{99, `has a default template and status for each response type`, `recorded`},
			{100, `lets DEFAULT_4XX and DEFAULT_5XX stand in for types without a definition`, `recorded`},
			{101, `completes a definition from the built-in one`, `recorded`},
			{102, `takes the resource's template as the path in a test invocation`, `recorded`},
			{103, `words the log of a test invocation in a fixed way`, `recorded`},
			{104, "reads `basePath`, or the first server's path, in three ways at import", `recorded`},
		}},
		{text: `Beside the rules, of method responses:`},
		{subject: `the service …`, tests: []string{"emulator/gateway/build_test.go", "emulator/gateway/integration_response_test.go"}, claims: []claim{
			{0, "answers 500 when the method declares no response for the status of the integration response, and logs `Output mapping refers to an invalid method response`", `documented`},
			{0, "refuses a mapped header that the method response for that status doesn't declare: `Invalid mapping expression parameter specified`", `reported by users; in any case: unverified`},
		}},
		{text: `Beside the rules, at the import of an OpenAPI document:`},
		{subject: `the service …`, tests: []string{"emulator/openapi/import_test.go"}, claims: []claim{
			{0, "asks for the document's `security` in operations that have none", `recorded`},
			{0, `makes the parameters of a path required`, `recorded`},
			{0, `leaves out request parameters of an integration that are no text, with a warning`, `recorded`},
			{0, `adds binary media types to those there (merge), or puts them in their place (overwrite)`, `recorded`},
			{0, "reads the endpoint's configuration below a server, too", `documented`},
			{0, "reads AWS's extensions, and `${AWS::Region}` in URIs", `documented`},
			{0, `leaves operations without an integration as they are until a deployment, which it refuses`, `unverified`},
		}},
		{text: `A backend that isn't on this machine answers as one that fails: [the table](other-templates.md#backends-that-are-not-there).`},
	}},
	{title: `Who may call, and how often`, parts: []part{
		{subject: `the service …`, tests: []string{"emulator/gateway/authorizer_test.go", "emulator/gateway/condition_test.go", "emulator/gateway/signature_test.go", "emulator/gateway/throttle_test.go", "emulator/gateway/usage_plan_test.go"}, claims: []claim{
			{0, `checks the caller, then the usage plan, then the request's parameters and body`, `unverified`},
			{0, "reads the key from `X-API-Key`, and gives 403 `Forbidden` when no plan of the stage has it", `documented`},
			{0, `counts for each key over all stages of its plan; a method's own rate is beside the plan's`, `documented`},
			{0, `counts nothing of methods that need no key`, `unverified`},
			{0, "answers 429, `Too Many Requests` over a rate and `Limit Exceeded` over a quota", `status documented, texts unverified`},
			{0, "takes a quota's `Offset` from the first period", `documented`},
			{0, `begins days at midnight UTC, weeks on Sunday; counts nothing against the quota that was throttled`, `unverified`},
			{0, "checks signatures of version 4 on `AWS_IAM`; 403 `Missing Authentication Token` without one", `documented`},
			{0, `says of a wrong signature what should have been signed; lets it be five minutes off`, `unverified, quoted by users`},
			{0, `names other faults of a signature: scope, access key, what is no signature at all`, `unverified, quoted by users`},
			{0, "gives those answers as `INVALID_SIGNATURE`, an ended session as `EXPIRED_TOKEN`", `unverified`},
			{0, "says the same of an `Authorization` that is no signature when there is no such route", `unverified, reported by users`},
			{0, `keeps a signature back from the endpoint`, `documented`},
			{0, `asks a Lambda authorizer with the token, or with the request; refuses a missing identity by itself, 401`, `documented`},
			{0, `checks identity sources even where nothing is kept; takes header names in any case; wants the whole token to match`, `unverified`},
			{0, `keeps a policy for each identity and holds it against each method`, `documented`},
			{0, `evaluates the conditions of a policy as IAM does`, `documented; which keys it knows: unverified`},
			{0, "answers 403, `User is not authorized to access this resource`, and adds when a statement denies it", `documented`},
			{0, "answers 401 when the function raises `Unauthorized`, else 500 with a null message", `status documented, null reported by users`},
			{0, "gives a timeout as `AUTHORIZER_FAILURE`, all other faults as `AUTHORIZER_CONFIGURATION_ERROR`", `unverified`},
			{0, `shows context values as text, objects and arrays are refused`, `documented; null too: unverified`},
			{0, "shows `integrationLatency` among them", `unverified`},
			{0, "takes the API key from the authorizer's `usageIdentifierKey`", `documented`},
			{0, `refuses methods whose ARN is longer than 1,600 bytes, 414`, `documented`},
		}},
		{text: "Conditions in an authorizer's policy are evaluated as IAM documents them; an operator, a key or a variable that isn't known here is answered with 501.\n" +
			"\n" +
			"A key without `Value` gets a value here that is the same at every start; `apigw serve` prints it. Limits here are\n" +
			"exact, on the service they are targets *(documented)*."},
	}},
	{title: `Others' claims`, parts: []part{
		{subject: `claim`, claims: []claim{
			{105, `415 by passthrough setting and content type`, `documented; details unverified`},
			{106, `no fitting response: 500; override status only 100 to 599; JSON template for other types`, `unverified`},
			{107, `parameter mappings: case, last value, joined values, bodies that are no JSON`, `unverified`},
			{108, "`$input.json` of a missing path is `\"\"`", `unverified`},
			{109, "`Message` with a capital letter when access is denied", `unverified`},
			{110, "`escapeJavaScript` and apostrophes, and null", "documented for `\\'`; null unverified"},
		}},
		{text: `Nobody recorded: authorizers at work, CORS, bodies of throttling and quotas, compression, the data plane of VPC links,
SNS, timeouts, the form of numbers beyond integers.`},
	}},
}
