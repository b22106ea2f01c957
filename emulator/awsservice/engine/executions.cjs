'use strict'
// The executions of state machines: running ones, and the last that ended.

const crypto = require('node:crypto')
const { failure } = require('./machine.cjs')
const { Fault } = require('./input.cjs')

const MAX_ENDED = 10000 // executions kept after their end, the oldest go first

const now = () => Date.now() / 1000 // the protocol's timestamps

class Executions {
  #byArn = new Map()
  #ended = []

  get(arn) {
    const execution = this.#byArn.get(arn)
    if (!execution) throw new Fault('ExecutionDoesNotExist', `Execution Does Not Exist: '${arn}'`)
    return execution
  }

  // of lists a state machine's executions, the newest first.
  of(machineArn) {
    return [...this.#byArn.values()].filter((e) => e.stateMachineArn === machineArn).reverse()
  }

  running() {
    return [...this.#byArn.values()].filter((e) => e.status === 'RUNNING').map((e) => e.executionArn)
  }

  // start begins an execution. A standard one may be asked for again with the
  // same name and input while it runs; an express one is always new.
  start(machine, name = crypto.randomUUID(), input) {
    const [, partition, , region, account] = machine.arn.split(':')
    const arn = (kind) => `arn:${partition}:states:${region}:${account}:${kind}:${machine.name}:${name}`
    if (machine.type === 'EXPRESS') return this.#begin(machine, `${arn('express')}:${crypto.randomUUID()}`, name, input)
    const earlier = this.#byArn.get(arn('execution'))
    if (!earlier) return this.#begin(machine, arn('execution'), name, input)
    if (earlier.status === 'RUNNING' && earlier.input === input) return earlier
    throw new Fault('ExecutionAlreadyExists', `Execution Already Exists: '${arn('execution')}'`)
  }

  #begin(machine, executionArn, name, input) {
    const execution = { executionArn, stateMachineArn: machine.arn, name, status: 'RUNNING', startDate: now(), input }
    const { abort, result } = machine.run(JSON.parse(input), {
      Execution: { Id: executionArn, Name: name, RoleArn: machine.roleArn, RedriveCount: 0 },
      StateMachine: { Id: machine.arn, Name: machine.name },
    })
    this.#byArn.set(executionArn, execution)
    execution.abort = abort
    execution.done = result.then(
      (output) => this.#end(execution, { status: 'SUCCEEDED', output: JSON.stringify(output) }),
      (error) => this.#end(execution, { ...failure(error), ...execution.stopped }),
    )
    return execution
  }

  #end(execution, outcome) {
    Object.assign(execution, outcome, { stopDate: now(), abort: undefined })
    if (this.#ended.push(execution.executionArn) > MAX_ENDED) this.#byArn.delete(this.#ended.shift())
  }

  // stop ends a running execution; one that has ended stays as it is.
  async stop(execution, error, cause) {
    if (!execution.abort) return
    execution.stopped = { error, cause }
    execution.abort()
    await execution.done
  }
}

module.exports = { Executions, now }
