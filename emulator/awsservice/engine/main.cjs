'use strict'
// The process of the embedded engines. Each line of standard input says what to
// start, or what a started one has now, as JSON; each line of standard output is
// an event, as JSON.
// The process ends with its standard input, so that it never outlives its parent.

const readline = require('node:readline')

const report = (event) => process.stdout.write(JSON.stringify(event) + '\n')

const fail = (error) => {
  console.error(error.message)
  process.exit(1)
}

let stepFunctions

// A page in a browser sends one of these headers, or comes by a name that leads
// here; SDKs do neither.
const fromPage = ({ headers }) => headers.origin || headers['sec-fetch-site'] ||
  !/^(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/i.test(headers.host)

const listen = (engine, server, port = 0) => {
  const [serve] = server.listeners('request')
  server.removeAllListeners('request')
  server.on('request', (request, response) => fromPage(request) ? response.writeHead(403).end() : serve(request, response))
  server.keepAliveTimeout = 0 // a connection closed on the way of a request would fail it
  server.listen(port, '127.0.0.1', () => report({ engine, port: server.address().port }))
}

const start = ({ dynamodb, states, ports = {} }) => {
  if (dynamodb) {
    const { createDynamoDB } = require('./dynamodb.cjs')
    createDynamoDB(dynamodb).then((server) => listen('dynamodb', server, ports.dynamodb), fail)
  }
  if (states && stepFunctions) {
    stepFunctions.define(states)
  } else if (states) {
    const { StepFunctions } = require('./stepfunctions.cjs')
    stepFunctions = new StepFunctions(states)
    listen('states', stepFunctions.server, ports.states)
  }
}

const lines = readline.createInterface({ input: process.stdin })
lines.on('line', (line) => start(JSON.parse(line)))
lines.once('close', () => {
  if (stepFunctions) report({ abandoned: stepFunctions.running() })
  process.stdout.write('', () => process.exit(0))
})
