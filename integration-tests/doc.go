// Package integrationtests plays declarative cases against a deployed API, wherever it runs: on this machine, on
// LocalStack, on AWS.
//
//	go test ./integration-tests                      a local gateway, started for the run
//	go test ./integration-tests -run Cases/sns       the cases in cases/sns
//	go test -C integration-tests -count=1 -target aws -outputs ../cdk-outputs.json
//
// With -C (or -v) "go test" shows the summary, also when all went well: how many cases passed, and one line for each
// that did not. Requests are signed when the output ApiAuth is "iam", and carry the API key that ApiKeyId names. In the
// end, also after a failure or Ctrl-C, the run removes what its cases made.
//
// A case is a txtar file. Its head says what it shows. A line "skip localstack: reason" there says that the case is
// known not to work on that target: it is played all the same, and the summary lists it with the request that failed.
// The summary asks to drop a skip whose case passes; with -exact-skips that fails the run. The local gateway has to
// pass every case. A line "needs ProductsTableName" leaves the case out where no stack has that output, as the stack is
// not deployed; the summary lists it.
//
// The sections of a case are played in their order, up to the first that fails:
//
//	-- define NAME TIMES SEPARATOR --    text for ${NAME}: repeated, with ${n} counting from 1; both may be left out
//	-- request METHOD /path --           below the base URL; or "url:" and a reference to the last request's URL
//	Header: value
//
//	body
//	-- item TableOutput --               reads an item of the table that an output names; the body is its key
//	-- execution ${id} --                describes an execution of the order workflow: {"status","output","error"}
//	-- expect STATUS --                  what the action before has to answer; 200 if left out, 404 for an absent item
//	Header: value
//	Header: ~ regexp
//	!Header:
//
//	body
//	-- capture --                        takes values for later sections
//	name = body /json/pointer
//	name = element tagName
//	name = header Name
//
// "eventually" before an action repeats it until the answer is as expected, or the time is over. An expected body
// that begins with { or [ is compared as JSON, with < as XML (white space between elements and of their text's ends
// left aside), with "~ " as a regular expression over the whole body, otherwise as text; "= " before it asks for
// these very bytes, and "(empty)" for none.
//
// In JSON, objects have exactly the members expected. A string "~ regexp" takes every string that matches it, and an
// object with one of these members stands for a value: {"$number": regexp}, {"$length": n}, {"$contains": object},
// {"$json": value} (a string that holds JSON). In XML, text "~ regexp" takes every text that matches.
//
// Everywhere ${unique} is a word that no other case and no other run has, ${basePath} the path of the base URL,
// ${crlf} and ${cr} line ends that a text file can't keep. Cases run side by side, and again on the same target: each
// item that one makes carries ${unique} in a text of its top level, which is how the clean-up knows it, and each message
// or execution that it starts is awaited by the case.
package integrationtests
