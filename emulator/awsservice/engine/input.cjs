'use strict'
// What Step Functions accepts as input of its actions, and how it refuses the rest.

const MAX_INPUT = 262144 // characters, and bytes

// Fault is an error in the service's words.
class Fault extends Error {
  constructor(type, message, status = 400) {
    super(message)
    const space = type === 'ValidationException' ? 'com.amazon.coral.validate#' : 'com.amazonaws.swf.service.v2.model#'
    this.status = status
    this.body = { __type: space + type, message }
  }
}

const constraint = (text, member, rule) =>
  new Fault('ValidationException', `1 validation error detected: Value ${text}at '${member}' failed to satisfy constraint: Member must ${rule}`)

// arn reads an ARN of the resource type that the action takes.
const arn = (input, member, type) => {
  const value = input[member]
  if (typeof value !== 'string' || value === '') throw constraint('null ', member, 'not be null')
  const parts = value.split(':')
  if (parts[0] !== 'arn' || parts.length < 7) throw new Fault('InvalidArn', `Invalid Arn: 'Invalid ARN prefix: ${value}'`)
  if (parts[2] !== 'states' || parts[5] !== type) {
    throw new Fault('InvalidArn', `Invalid Arn: 'Resource type not valid in this context: ${parts[5]}'`)
  }
  return value
}

const forbidden = /[\s<>{}[\]?*"#%\\^|~`$&,;:/\u0000-\u001f\u007f-\u009f\ud800-\udfff\ufffe\uffff]/

// executionName checks the name that the caller gives an execution.
const executionName = (name) => {
  if (typeof name === 'string' && name.length >= 1 && name.length <= 80 && !forbidden.test(name)) return name
  throw new Fault('InvalidName', `Invalid Name: '${name}'`)
}

// executionInput checks the text that an execution begins with.
const executionInput = (text = '{}') => {
  try {
    JSON.parse(text)
  } catch {
    throw new Fault('InvalidExecutionInput', `Invalid State Machine Execution Input: '${text}'`)
  }
  if (text.length > MAX_INPUT) throw constraint('', 'input', `have length less than or equal to ${MAX_INPUT}`)
  if (Buffer.byteLength(text) > MAX_INPUT) throw new Fault('InvalidExecutionInput', 'Invalid State Machine Execution Input: it is too long')
  return text
}

module.exports = { Fault, arn, executionName, executionInput }
