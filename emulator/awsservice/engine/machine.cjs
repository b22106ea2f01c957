'use strict'
// A state machine of the template on the library that runs it, with what the
// library does otherwise than Step Functions put right.

const Module = require('node:module')
const { invoke } = require('./lambda.cjs')

const LONGEST_TIMER_SECONDS = 2147483 // what a Node timer can wait

// Node 20 lacks what the library calls.
Promise.withResolvers ??= function () {
  let resolve, reject
  const promise = new this((a, b) => { resolve = a; reject = b })
  return { promise, resolve, reject }
}

// loadLibrary loads it without its AWS SDK and its validator, which take two
// thirds of its load time: every Task goes to the local functions, and the
// definition is checked before it comes here.
const loadLibrary = (nodeModules) => {
  const original = Module._load
  Module._load = function (name, ...rest) {
    return name.startsWith('@aws-sdk/') || name === 'asl-validator' ? {} : original.call(this, name, ...rest)
  }
  try {
    return Module.createRequire(nodeModules + '/')('aws-local-stepfunctions')
  } finally {
    Module._load = original
  }
}

const nested = (state) => [
  ...(state.Branches ?? []),
  ...(state.ItemProcessor ? [state.ItemProcessor] : []),
  ...(state.Iterator ? [state.Iterator] : []),
]

// A type test with false is the negation of the test; the library never lets it match.
const adaptRule = (rule) => {
  for (const name of ['And', 'Or']) if (rule[name]) rule[name].forEach(adaptRule)
  if (rule.Not) adaptRule(rule.Not)
  for (const test of ['IsNull', 'IsPresent', 'IsNumeric', 'IsString', 'IsBoolean', 'IsTimestamp']) {
    if (rule[test] !== false) continue
    rule.Not = { Variable: rule.Variable, [test]: true }
    delete rule[test]
    delete rule.Variable
  }
}

const adaptState = (state) => {
  for (const holder of [state, ...(state.Catch ?? [])]) {
    if (holder.ResultPath === '$') delete holder.ResultPath // the default; the library would make a member "$"
  }
  switch (state.Type) {
    case 'Task':
      if (!state.TimeoutSecondsPath) {
        // The service waits 99999999 seconds unless told otherwise, the library 60.
        state.TimeoutSeconds = Math.min(state.TimeoutSeconds ?? LONGEST_TIMER_SECONDS, LONGEST_TIMER_SECONDS)
      }
      break
    case 'Pass':
      if ('Result' in state && !state.Result) {
        state.Parameters = state.Result // the library overlooks null, false, 0 and ""
        delete state.Result
      }
      break
    case 'Fail':
      if (!state.ErrorPath) state.Error ??= '' // instead of the library's own texts
      if (!state.CausePath) state.Cause ??= ''
      break
    case 'Choice':
      state.Choices.forEach(adaptRule)
  }
}

// task calls the function that a Task state names, directly or through the
// optimized integration.
const task = (endpoint, resource) => async (input) => {
  if (!resource.endsWith(':states:::lambda:invoke')) return (await invoke(endpoint, resource, input)).value
  const { value, version } = await invoke(endpoint, input.FunctionName, input.Payload ?? {})
  return { ExecutedVersion: version, Payload: value, StatusCode: 200 }
}

const prepare = (definition, endpoint, handlers) => {
  for (const [name, state] of Object.entries(definition.States)) {
    adaptState(state)
    if (state.Type === 'Task') handlers[name] = task(endpoint, state.Resource)
    nested(state).forEach((part) => prepare(part, endpoint, handlers))
  }
}

// createMachine gives run(input, context), the library's running execution.
const createMachine = (StateMachine, text, endpoint) => {
  const definition = JSON.parse(text)
  const handlers = {}
  prepare(definition, endpoint, handlers)
  const machine = new StateMachine(definition, { validationOptions: { noValidate: true } })
  return (input, context) => machine.run(input, { context, overrides: { taskResourceLocalHandlers: handlers } })
}

// failure puts what ended a run in the service's words.
const failure = (error) => {
  if (error.name === 'ExecutionAbortedError') return { status: 'ABORTED' }
  if (error.name === 'ExecutionTimeoutError') return { status: 'TIMED_OUT' }
  const { name, message } = error.cause ?? error
  const known = !['Error', 'TypeError', 'RangeError', 'SyntaxError'].includes(name)
  return { status: 'FAILED', error: (known ? name : 'States.Runtime') || undefined, cause: message || undefined }
}

module.exports = { loadLibrary, createMachine, failure }
