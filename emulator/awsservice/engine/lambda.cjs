'use strict'
// Invokes functions over the Lambda Invoke API.

const http = require('node:http')

const agent = new http.Agent({ keepAlive: true })

// FunctionFailure carries the name that Retry and Catch match, and the cause
// that Step Functions gives: the function's whole error object, as text.
class FunctionFailure extends Error {
  constructor(name, cause) {
    super(cause)
    this.name = name
  }
}

const post = (url, body) => new Promise((resolve, reject) => {
  const request = http.request(url, { method: 'POST', agent, headers: { 'Content-Type': 'application/json' } }, (response) => {
    const chunks = []
    response.on('data', (chunk) => chunks.push(chunk))
    response.on('error', reject)
    response.on('end', () => resolve({ status: response.statusCode, headers: response.headers, text: Buffer.concat(chunks).toString() }))
  })
  request.on('error', reject)
  request.end(body)
})

const parse = (text) => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

const invoke = async (endpoint, name, payload) => {
  const url = `${endpoint}/2015-03-31/functions/${encodeURIComponent(name)}/invocations`
  let answer
  try {
    answer = await post(url, JSON.stringify(payload))
  } catch (error) {
    throw new FunctionFailure('Lambda.SdkClientException', error.message)
  }
  const value = answer.text === '' ? null : parse(answer.text)
  if (answer.status >= 400) {
    const type = answer.headers['x-amzn-errortype'] ?? value?.Type ?? 'ServiceException'
    throw new FunctionFailure('Lambda.' + type.split(':')[0], value?.Message ?? value?.message ?? answer.text)
  }
  if (answer.headers['x-amz-function-error']) {
    throw new FunctionFailure(value?.errorType || 'Lambda.Unknown', answer.text)
  }
  return { value: value ?? null, version: answer.headers['x-amz-executed-version'] ?? '$LATEST' }
}

module.exports = { invoke }
