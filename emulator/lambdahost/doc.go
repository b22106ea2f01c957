// Package lambdahost runs Lambda functions as processes of this machine, as
// the Lambda service runs them in execution environments.
//
// # A function's process
//
// Each process gets a Runtime API of its own on a loopback port, as on the
// service: router.go has its endpoints, one file each (next.go, response.go,
// error.go), and refuses calls out of order. The process polls for an
// invocation, answers it, polls again. One process serves one invocation at a
// time; an idle one is used again, and a further one is started when all are
// busy (environments.go). The program is the function's own code, built for
// this host by package hostbuild. After a reload (reload.go) new invocations go
// to processes of the new program, and old ones end with what they are doing.
//
// A process sees the variables that Lambda sets, those of the template and those
// of Options.Env; of the developer's own a command that was given has PATH.
//
// # An invocation's way
//
// Host.Invoke, the Invoke API (invoke_api.go) and function URLs
// (function_url.go) all lead to invoke.go → environments.go → process.go. An
// invocation of type Event is accepted and runs by itself, with two more
// attempts after failures (asynchronous.go).
//
// # What differs from the service
//
//   - Concurrency: ReservedConcurrentExecutions is enforced as on the service.
//     Without it up to 1,000 invocations may be in flight, as in a fresh
//     account, but at most 64 processes of one function run; the rest wait.
//   - Memory: MemorySize is told to the function, not enforced.
//   - Retries of asynchronous invocations come after 1 and 2 seconds, on the
//     service after 1 and 2 minutes. Destinations and dead-letter queues get
//     nothing; the log tells what was given up.
//   - All versions and aliases are the code as it is.
//   - The error objects of timeouts, crashes and failed initializations follow
//     the service's documentation and what users quote; none is recorded.
//     Neither are the answers of function URLs to failures.
package lambdahost
