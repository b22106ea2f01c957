// A request's way in steps, each with what the configuration says and, when
// there is a trace, what happened. The diagram and the details both show these.
import { duration, fileName } from "./data.js";

const titles = {
  "method request": "Method request",
  "integration request": "Integration request",
  integration: "Integration",
  "integration response": "Integration response",
  "method response": "Method response",
};

// steps lists them. Each has name, title, lines of its configuration, events,
// ns, and state: "" without a trace, else passed, failed or skipped.
export function steps(route, trace) {
  const happened = trace ? eventsByStep(trace) : {};
  return Object.entries(titles).map(([name, title]) => {
    const step = happened[name] ?? { events: [] };
    const state = !trace ? "" : step.failed ? "failed" : step.ended ? "passed" : "skipped";
    return { name, title, state, ns: step.ns, events: step.events, lines: route ? lines[name](route, step.events) : [] };
  });
}

// eventsByStep parts the events at the end of each step. "match" belongs to the
// method request; a gateway response belongs to the step that failed.
function eventsByStep(trace) {
  const parts = {};
  let events = [], last = "method request";
  for (const { kind, event } of trace.events) {
    if (kind === "step") {
      last = event.name === "match" ? "method request" : event.name;
      const part = (parts[last] ??= { events: [], ns: 0, ended: true });
      part.events.push(...events);
      part.ns += event.durationNs;
      events = [];
    } else events.push({ kind, ...event });
  }
  const part = (parts[last] ??= { events: [], ns: 0, ended: true });
  part.events.push(...events);
  part.failed = part.events.some((e) => e.kind === "gatewayResponse");
  return parts;
}

export const last = (trace, kind) => trace?.events.findLast((e) => e.kind === kind)?.event;

// answerOf is what the client got.
export const answerOf = (trace) => last(trace, "gatewayResponse") ?? last(trace, "methodResponse");

const plain = (text, mark = "") => ({ text, mark });

const lines = {
  "method request": ({ methodRequest: m }) => [
    plain(m.authorizer ? `authorizer: ${m.authorizer}` : m.authorizationType === "NONE" ? "no authorization" : m.authorizationType),
    ...(m.apiKeyRequired ? [plain("API key required")] : []),
    ...(m.validateParameters ? Object.keys(m.parameters ?? {}).filter((p) => m.parameters[p]).map((p) => plain(short(p) + " required")) : []),
    ...(m.validateBody ? Object.entries(m.models).map(([type, model]) => plain(`${type}: model ${model}`)) : []),
  ],

  "integration request": ({ integration: i }, events) => [
    ...Object.entries(i.requestParameters ?? {}).map(([target, source]) => plain(`${short(target)} ← ${short(source)}`)),
    ...i.requestTemplates.map((t) => template(t, events)),
    ...(i.requestTemplates.length ? (i.passthroughBehavior === "NEVER" ? [plain("other content types: 415")] : []) : [plain("body passes as it is")]),
  ],

  integration: ({ integration: i }) => [plain(i.kind === "mock" ? "status from the request template" : `at most ${duration(i.timeoutInMillis * 1e6 || 29e9)}`)],

  "integration response": ({ integration: i }, events) => {
    if (i.proxy) return [plain("the endpoint's answer as it is")];
    const tries = events.filter((e) => e.kind === "selectionPattern");
    return i.responses.map((r) => {
      const tried = tries.find((t) => t.pattern === r.selectionPattern && t.statusCode === r.statusCode);
      const used = r.responseTemplates.find((t) => tried?.matched && events.some((e) => e.kind === "template" && e.name === t.name));
      const file = used ?? r.responseTemplates[0];
      return {
        ...plain(`${r.selectionPattern || "default"} → ${r.statusCode}${file ? " " + fileName(file.name) : ""}`),
        mark: tried ? (tried.matched ? "hit" : "miss") : tries.length ? "miss" : "",
      };
    });
  },

  "method response": ({ methodResponses: all, integration: i }) =>
    i.proxy ? [] : [plain(all.map((r) => r.statusCode).join("  ") || "none declared")],
};

function template(t, events) {
  const rendered = events.find((e) => e.kind === "template" && e.name === t.name);
  const mark = rendered ? (rendered.error ? "fault" : "hit") : events.length ? "miss" : "";
  return plain(`${t.contentType} → ${fileName(t.name)}`, mark);
}

// short leaves out of a mapping expression what its place says already.
const short = (expression) => expression.replace(/^(method|integration)\.(request|response)\./, "");
