'use strict'
// The part of the Step Functions API that integrations use, over state machines
// that run in this process.

const crypto = require('node:crypto')
const http = require('node:http')
const { Executions, now } = require('./executions.cjs')
const { Fault, arn, executionInput, executionName } = require('./input.cjs')
const { loadLibrary, createMachine } = require('./machine.cjs')

const describe = ({ abort, done, stopped, output, ...execution }) => ({
  ...execution,
  inputDetails: { included: true },
  ...(output === undefined ? {} : { output, outputDetails: { included: true } }),
})

const redrive = (status) => ['FAILED', 'ABORTED', 'TIMED_OUT'].includes(status)
  ? { redriveStatus: 'REDRIVABLE' }
  : { redriveStatus: 'NOT_REDRIVABLE', redriveStatusReason: `Execution is ${status} and cannot be redriven` }

class StepFunctions {
  #executions = new Executions()
  #machines
  #created = now()

  #library

  constructor(config) {
    this.#library = loadLibrary(config.nodeModules)
    this.define(config)
    this.server = http.createServer((request, response) => this.#serve(request, response))
  }

  // define puts these state machines in place of those before; executions go on
  // as they began.
  define({ machines, lambdaEndpoint }) {
    const { StateMachine } = this.#library
    const create = (m) => (m.refusal ? m : { ...m, run: createMachine(StateMachine, m.definition, lambdaEndpoint) })
    this.#machines = new Map(machines.map((m) => [m.arn, create(m)]))
  }

  // running names the executions that have not ended.
  running() {
    return this.#executions.running()
  }

  #machine(input) {
    const found = this.#machines.get(arn(input, 'stateMachineArn', 'stateMachine'))
    if (!found) throw new Fault('StateMachineDoesNotExist', `State Machine Does Not Exist: '${input.stateMachineArn}'`)
    return found
  }

  #execution(input) {
    return this.#executions.get(arn(input, 'executionArn', 'execution'))
  }

  #start(machine, input) {
    const name = input.name == null ? undefined : executionName(input.name)
    const text = executionInput(input.input ?? undefined)
    if (machine.refusal) throw new Fault('NotServedLocally', machine.refusal, 500)
    return this.#executions.start(machine, name, text)
  }

  StartExecution(input) {
    const { executionArn, startDate } = this.#start(this.#machine(input), input)
    return { executionArn, startDate }
  }

  async StartSyncExecution(input) {
    const machine = this.#machine(input)
    if (machine.type !== 'EXPRESS') {
      throw new Fault('StateMachineTypeNotSupported', 'This operation is not supported by this type of state machine')
    }
    const execution = this.#start(machine, input)
    await execution.done
    const milliseconds = Math.ceil((execution.stopDate - execution.startDate) * 10) * 100
    return { ...describe(execution), billingDetails: { billedDurationInMilliseconds: milliseconds, billedMemoryUsedInMB: 64 } }
  }

  DescribeExecution(input) {
    const execution = this.#execution(input)
    return { ...describe(execution), redriveCount: 0, ...redrive(execution.status) }
  }

  async StopExecution(input) {
    const execution = this.#execution(input)
    await this.#executions.stop(execution, input.error, input.cause)
    return { stopDate: execution.stopDate }
  }

  DescribeStateMachine(input) {
    const { arn, name, type, roleArn, definition } = this.#machine(input)
    return { stateMachineArn: arn, name, type, roleArn, definition, status: 'ACTIVE', creationDate: this.#created }
  }

  ListExecutions(input) {
    const all = this.#executions.of(this.#machine(input).arn).filter((e) => !input.statusFilter || e.status === input.statusFilter)
    const executions = all.slice(0, input.maxResults || 100).map(({ executionArn, stateMachineArn, name, status, startDate, stopDate }) =>
      ({ executionArn, stateMachineArn, name, status, startDate, stopDate }))
    return { executions }
  }

  DeleteStateMachine(input) {
    this.#machines.delete(arn(input, 'stateMachineArn', 'stateMachine'))
    return {}
  }

  async #answer(target = '', body) {
    const action = target.replace(/^AWSStepFunctions\./, '')
    if (!/^[A-Z]/.test(action) || typeof this[action] !== 'function') {
      throw new Fault('UnknownOperationException', `The embedded engine does not serve ${target}`)
    }
    let input
    try {
      input = JSON.parse(body || '{}')
    } catch {
      throw new Fault('SerializationException', 'The request is not JSON')
    }
    return this[action](input ?? {})
  }

  #serve(request, response) {
    const chunks = []
    request.on('data', (chunk) => chunks.push(chunk))
    request.on('end', async () => {
      let status = 200
      const result = await this.#answer(request.headers['x-amz-target'], Buffer.concat(chunks).toString()).catch((error) => {
        status = error.status ?? 500
        return error.body ?? { __type: 'InternalFailure', message: error.message }
      })
      response.writeHead(status, { 'Content-Type': 'application/x-amz-json-1.0', 'x-amzn-RequestId': crypto.randomUUID() })
      response.end(JSON.stringify(result))
    })
  }
}

module.exports = { StepFunctions }
