'use strict'
// The part of the Step Functions API that integrations use, over state machines
// that run in this process.

const crypto = require('node:crypto')
const http = require('node:http')
const { loadLibrary, createMachine, failure } = require('./machine.cjs')

const MAX_INPUT_BYTES = 262144
const MAX_ENDED = 10000 // executions kept after their end, the oldest go first

class Fault extends Error {
  constructor(type, message, status = 400) {
    super(message)
    this.status = status
    const space = type === 'ValidationException' ? 'com.amazon.coral.validate#' : 'com.amazonaws.swf.service.v2.model#'
    this.body = { __type: space + type, message }
  }
}

const now = () => Date.now() / 1000

const create = (load, { machines, lambdaEndpoint }) => {
  const { StateMachine } = loadLibrary(load)
  const created = now()
  const known = new Map(machines.map((m) => [m.arn, m.refusal ? m : { ...m, run: createMachine(StateMachine, m.definition, lambdaEndpoint) }]))
  const executions = new Map()
  const ended = []

  const required = (input, name) => {
    if (typeof input[name] === 'string' && input[name] !== '') return input[name]
    throw new Fault('ValidationException', `1 validation error detected: Value null at '${name}' failed to satisfy constraint: Member must not be null`)
  }

  const resource = (input, member, type) => {
    const arn = required(input, member)
    const parts = arn.split(':')
    if (parts[0] !== 'arn' || parts.length < 7) throw new Fault('InvalidArn', `Invalid Arn: 'Invalid ARN prefix: ${arn}'`)
    if (parts[2] !== 'states' || parts[5] !== type) {
      throw new Fault('InvalidArn', `Invalid Arn: 'Resource type not valid in this context: ${parts[5]}'`)
    }
    return arn
  }

  const machineOf = (input) => {
    const arn = resource(input, 'stateMachineArn', 'stateMachine')
    const machine = known.get(arn)
    if (!machine) throw new Fault('StateMachineDoesNotExist', `State Machine Does Not Exist: '${arn}'`)
    return machine
  }

  const executionOf = (input) => {
    const arn = resource(input, 'executionArn', 'execution')
    const execution = executions.get(arn)
    if (!execution) throw new Fault('ExecutionDoesNotExist', `Execution Does Not Exist: '${arn}'`)
    return execution
  }

  const nameOf = (input) => {
    if (input.name === undefined || input.name === null) return crypto.randomUUID()
    const valid = typeof input.name === 'string' && input.name.length >= 1 && input.name.length <= 80 &&
      // eslint-disable-next-line no-control-regex
      !/[\s<>{}[\]?*"#%\\^|~`$&,;:/\u0000-\u001f\u007f-\u009f\ud800-\udfff\ufffe\uffff]/.test(input.name)
    if (!valid) throw new Fault('InvalidName', `Invalid Name: '${input.name}'`)
    return input.name
  }

  const textOf = (input) => {
    const text = input.input ?? '{}'
    try {
      JSON.parse(text)
    } catch {
      throw new Fault('InvalidExecutionInput', `Invalid State Machine Execution Input: '${text}'`)
    }
    if (Buffer.byteLength(text) > MAX_INPUT_BYTES) {
      throw new Fault('ValidationException', `1 validation error detected: Value at 'input' failed to satisfy constraint: Member must have length less than or equal to ${MAX_INPUT_BYTES}`)
    }
    return text
  }

  const end = (execution, outcome) => {
    Object.assign(execution, outcome, { stopDate: now(), abort: undefined })
    if (ended.push(execution.executionArn) > MAX_ENDED) executions.delete(ended.shift())
  }

  const begin = (machine, executionArn, name, text) => {
    const input = JSON.parse(text)
    const execution = { executionArn, stateMachineArn: machine.arn, name, status: 'RUNNING', startDate: now(), input: text }
    executions.set(executionArn, execution)
    const { abort, result } = machine.run(input, {
      Execution: { Id: executionArn, Name: name, RoleArn: machine.roleArn, RedriveCount: 0 },
      StateMachine: { Id: machine.arn, Name: machine.name },
    })
    execution.abort = abort
    execution.done = result.then(
      (output) => end(execution, { status: 'SUCCEEDED', output: JSON.stringify(output) }),
      (error) => end(execution, { ...failure(error), ...execution.stopped }),
    )
    return execution
  }

  const start = (machine, input) => {
    const name = nameOf(input)
    const text = textOf(input)
    if (machine.refusal) throw new Fault('NotServedLocally', machine.refusal, 500)
    const express = machine.type === 'EXPRESS'
    const [partition, region, account] = [1, 3, 4].map((i) => machine.arn.split(':')[i])
    const arn = `arn:${partition}:states:${region}:${account}:${express ? 'express' : 'execution'}:${machine.name}:${name}`
    if (express) return begin(machine, `${arn}:${crypto.randomUUID()}`, name, text)
    const earlier = executions.get(arn)
    if (!earlier) return begin(machine, arn, name, text)
    if (earlier.status === 'RUNNING' && earlier.input === text) return earlier // the same request again
    throw new Fault('ExecutionAlreadyExists', `Execution Already Exists: '${arn}'`)
  }

  const redrive = (status) => ['FAILED', 'ABORTED', 'TIMED_OUT'].includes(status)
    ? { redriveStatus: 'REDRIVABLE' }
    : { redriveStatus: 'NOT_REDRIVABLE', redriveStatusReason: `Execution is ${status} and cannot be redriven` }

  const describe = ({ abort, done, stopped, output, ...execution }) => ({
    ...execution,
    inputDetails: { included: true },
    ...(output === undefined ? {} : { output, outputDetails: { included: true } }),
  })

  const actions = {
    StartExecution(input) {
      const { executionArn, startDate } = start(machineOf(input), input)
      return { executionArn, startDate }
    },
    async StartSyncExecution(input) {
      const machine = machineOf(input)
      if (machine.type !== 'EXPRESS') {
        throw new Fault('StateMachineTypeNotSupported', 'This operation is not supported by this type of state machine')
      }
      const execution = start(machine, input)
      await execution.done
      executions.delete(execution.executionArn)
      const milliseconds = Math.ceil((execution.stopDate - execution.startDate) * 10) * 100
      return { ...describe(execution), billingDetails: { billedDurationInMilliseconds: milliseconds, billedMemoryUsedInMB: 64 } }
    },
    DescribeExecution(input) {
      const execution = executionOf(input)
      return { ...describe(execution), redriveCount: 0, ...redrive(execution.status) }
    },
    async StopExecution(input) {
      const execution = executionOf(input)
      if (execution.abort) {
        execution.stopped = { error: input.error, cause: input.cause }
        execution.abort()
        await execution.done
      }
      return { stopDate: execution.stopDate }
    },
    DescribeStateMachine(input) {
      const { arn, name, type, roleArn, definition } = machineOf(input)
      return { stateMachineArn: arn, name, type, roleArn, definition, status: 'ACTIVE', creationDate: created }
    },
    ListExecutions(input) {
      const { arn } = machineOf(input)
      const found = [...executions.values()]
        .filter((e) => e.stateMachineArn === arn && (!input.statusFilter || e.status === input.statusFilter))
        .map(({ executionArn, stateMachineArn, name, status, startDate, stopDate }) => ({ executionArn, stateMachineArn, name, status, startDate, stopDate }))
      return { executions: found.reverse().slice(0, input.maxResults || 100) }
    },
    DeleteStateMachine(input) {
      known.delete(resource(input, 'stateMachineArn', 'stateMachine'))
      return {}
    },
  }

  const answer = async (target, body) => {
    const action = actions[String(target).replace(/^AWSStepFunctions\./, '')]
    if (!action) throw new Fault('UnknownOperationException', `The embedded engine does not serve ${target}`)
    let input
    try {
      input = JSON.parse(body || '{}')
    } catch {
      throw new Fault('SerializationException', 'The request is not JSON')
    }
    return action(input ?? {})
  }

  const server = http.createServer((request, response) => {
    const chunks = []
    request.on('data', (chunk) => chunks.push(chunk))
    request.on('end', async () => {
      let status = 200
      const result = await answer(request.headers['x-amz-target'], Buffer.concat(chunks).toString()).catch((error) => {
        status = error.status ?? 500
        return error.body ?? { __type: 'InternalFailure', message: error.message }
      })
      response.writeHead(status, { 'Content-Type': 'application/x-amz-json-1.0', 'x-amzn-RequestId': crypto.randomUUID() })
      response.end(JSON.stringify(result))
    })
  })
  const running = () => [...executions.values()].filter((e) => e.status === 'RUNNING').map((e) => e.executionArn)
  return { server, running }
}

module.exports = { create }
