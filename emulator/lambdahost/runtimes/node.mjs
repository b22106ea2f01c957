// Runs a Node.js handler as Lambda's own runtime does: loads it, then takes one
// invocation after the other from the Runtime API.
// https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html
import fs from 'node:fs';
import http from 'node:http';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

const [host, port] = process.env.AWS_LAMBDA_RUNTIME_API.split(':');
const root = process.env.LAMBDA_TASK_ROOT;
const streaming = Symbol('streaming');

globalThis.awslambda = {
  streamifyResponse: (handler) => Object.assign((...args) => handler(...args), { [streaming]: true }),
  HttpResponseStream: {
    from(stream, metadata) {
      stream.contentType = 'application/vnd.awslambda.http-integration-response';
      stream.write(JSON.stringify(metadata));
      stream.write(Buffer.alloc(8));
      return stream;
    },
  },
};

// request calls the Runtime API; the long poll for an invocation has no timeout.
function request(method, to, headers = {}) {
  return http.request({ host, port, method, path: '/2018-06-01/runtime/' + to, headers });
}

function call(method, to, body) {
  return new Promise((resolve, reject) => {
    const sent = request(method, to, body === undefined ? {} : { 'Content-Length': Buffer.byteLength(body) });
    sent.on('error', reject);
    sent.on('response', async (response) => {
      const parts = [];
      for await (const part of response) parts.push(part);
      resolve({ headers: response.headers, body: Buffer.concat(parts).toString() });
    });
    sent.end(body);
  });
}

const described = (error) => JSON.stringify({
  errorType: error?.name ?? typeof error,
  errorMessage: error?.message ?? String(error),
  trace: String(error?.stack ?? '').split('\n'),
});

// load finds the handler "folder/file.export".
async function load() {
  const name = process.env._HANDLER;
  const [file, ...exports] = path.basename(name).split('.');
  const base = path.join(root, path.dirname(name), file);
  const found = [base, ...['.js', '.mjs', '.cjs'].map((ending) => base + ending)].find((f) => fs.existsSync(f) && fs.statSync(f).isFile());
  if (!found) throw Object.assign(new Error(`Cannot find module '${base}'`), { name: 'Runtime.ImportModuleError' });
  const module = await import(pathToFileURL(found));
  for (const from of [module, module.default]) {
    const handler = exports.reduce((value, key) => value?.[key], from);
    if (typeof handler === 'function') return handler;
  }
  throw Object.assign(new Error(`${name} is undefined or not exported`), { name: 'Runtime.HandlerNotFound' });
}

function contextOf(headers) {
  const deadline = Number(headers['lambda-runtime-deadline-ms']);
  return {
    awsRequestId: headers['lambda-runtime-aws-request-id'],
    invokedFunctionArn: headers['lambda-runtime-invoked-function-arn'],
    functionName: process.env.AWS_LAMBDA_FUNCTION_NAME,
    functionVersion: process.env.AWS_LAMBDA_FUNCTION_VERSION,
    memoryLimitInMB: process.env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE,
    logGroupName: process.env.AWS_LAMBDA_LOG_GROUP_NAME,
    logStreamName: process.env.AWS_LAMBDA_LOG_STREAM_NAME,
    callbackWaitsForEmptyEventLoop: true,
    getRemainingTimeInMillis: () => Math.max(0, deadline - Date.now()),
  };
}

// run gives what the handler returns, or hands to its callback.
function run(handler, event, context) {
  return new Promise((resolve, reject) => {
    const callback = (error, result) => (error ? reject(error) : resolve(result));
    const returned = handler(event, Object.assign(context, {
      done: callback, fail: reject, succeed: resolve,
    }), callback);
    if (typeof returned?.then === 'function') returned.then(resolve, reject);
    else if (handler.length < 3) resolve(returned);
  });
}

// stream lets the handler write its response while it runs.
async function stream(handler, event, context, to) {
  let sent;
  const open = (stream) => {
    sent ??= request('POST', to, {
      'Content-Type': stream.contentType ?? 'application/octet-stream',
      'Lambda-Runtime-Function-Response-Mode': 'streaming', 'Transfer-Encoding': 'chunked',
    });
    return sent;
  };
  const { Writable } = await import('node:stream');
  const answered = new Promise((resolve, reject) => {
    const output = new Writable({
      write(chunk, _, done) { open(output).write(chunk, done); },
      final(done) { open(output).end(done); },
    });
    output.setContentType = (type) => { output.contentType = type; };
    output.on('finish', () => sent.on('response', (response) => { response.resume(); response.on('end', resolve); }));
    output.on('error', reject);
    handler(event, output, context).catch((error) => (sent ? sent.destroy(error) : reject(error)));
  });
  await answered;
}

let handler;
try {
  handler = await load();
} catch (error) {
  console.error(error);
  await call('POST', 'init/error', described(error));
  process.exit(1);
}
for (;;) {
  const { headers, body } = await call('GET', 'invocation/next');
  process.env._X_AMZN_TRACE_ID = headers['lambda-runtime-trace-id'];
  const to = `invocation/${headers['lambda-runtime-aws-request-id']}/`;
  try {
    const context = contextOf(headers);
    if (handler[streaming]) {
      await stream(handler, JSON.parse(body), context, to + 'response');
      continue;
    }
    const result = await run(handler, JSON.parse(body), context);
    await call('POST', to + 'response', JSON.stringify(result ?? null));
  } catch (error) {
    console.error(error);
    await call('POST', to + 'error', described(error));
  }
}
