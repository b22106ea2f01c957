// What happened in one step: each of its events, in their order.
import { html } from "./vendor/htm-preact-3.1.1.js";
import { duration, shortName, tone } from "./data.js";
import { Body, Fields } from "./parts.js";
import { placeOf, Template } from "./template.js";

const section = (title, more, content) => html`
  <section><h4>${title}${more && html` <span class="muted">${more}</span>`}</h4>${content}</section>`;

const note = (text) => html`<p class="note">${text}</p>`;

const message = (e, title, more) => section(title, more, html`
  <${Fields} all=${e.headers} title="headers" />
  ${e.streamed ? note("streamed as it came") : html`<${Body} value=${e.body} label="${title} body" />`}`);

// byKind is the table of events, as emulator/trace has them.
const byKind = {
  methodRequest: (e) => html`
    <${Fields} all=${e.pathParameters} title="path parameters" />
    <${Fields} all=${e.queryString} title="query string" />
    <${Fields} all=${e.headers} title="headers" />
    ${section("Body before transformations", "", html`<${Body} value=${e.body} label="method request body" />`)}`,
  authorizer: (e) => note(`Lambda authorizer ${e.id}${e.cached ? ": its result for this identity was kept" : ""}`),
  authorizerResult: (e) => note(`the authorizer's policy is for ${e.principal}`),
  usagePlan: (e) => note(e.apiKeyId ? `API key ${e.apiKeyId} is of a usage plan for ${e.apiStage}` : `no API key of a usage plan for ${e.apiStage}`),
  passthrough: (e) => note(`body passes as it is: ${e.reason}`),
  template: (e) => html`
    ${section("Input", "", html`<${Body} value=${e.input} label="template input" />`)}
    ${section("Template", `${shortName(e.name)} · ${e.contentType} · ${duration(e.durationNs)}`,
      html`<${Template} text=${e.text} reads=${e.reads} error=${placeOf(e.error)} />`)}
    ${e.error ? note(e.error) : section("Output", "", html`<${Body} value=${e.output} label="template output" />`)}
    ${e.fault && note(e.fault)}`,
  override: (e) => html`<p class="mapping"><code>$context.${e.target}</code> = <b>${e.value}</b></p>`,
  endpointRequest: (e) => message(e, "Endpoint request", `${e.method} ${e.uri}`),
  endpointResponse: (e) => message(e, "Endpoint response", `${e.status} · ${duration(e.latencyNs)}`),
  selectionPattern: (e) => html`
    <p class="mapping ${e.matched ? "hit" : "miss"}"><b>${e.matched ? "✓ " : "✗ "}</b><code>${e.pattern || "default"}</code>
      ${e.matched ? " matches " : " does not match "}<q>${e.against || "an answer without an error"}</q> → ${e.statusCode}</p>`,
  headerChange: (e) => note(`${e.side} header ${e.name} ${e.as ? "becomes " + e.as : "is dropped"}`),
  methodResponse: (e) => message(e, "Method response", String(e.status)),
  gatewayResponse: (e) => html`
    <div class="notice ${tone(e.status)}"><b>${e.type}</b> ${e.status}<br />${e.cause || e.words}</div>
    ${message(e, "Gateway response", String(e.status))}`,
};

const mapping = (all) => section("Parameter mapping", "", html`
  <table class="mappings"><tbody>
    ${all.map((m) => html`<tr class=${m.found ? "" : "miss"}>
      <th scope="row">${m.target}</th><td><code>${m.source}</code></td><td>${m.found ? m.value : "absent, not set"}</td></tr>`)}
  </tbody></table>`);

// Events shows a step's events; parameter mappings that follow each other are one table.
// What ended the request comes first.
export function Events({ events: all }) {
  const ended = (e) => e.kind === "gatewayResponse";
  const events = [...all.filter(ended), ...all.filter((e) => !ended(e))], shown = [];
  for (let i = 0; i < events.length; i++) {
    const begin = i;
    while (events[i]?.kind === "parameterMapping") i++;
    if (i > begin) shown.push(mapping(events.slice(begin, i)));
    if (events[i]) shown.push(byKind[events[i].kind]?.(events[i]));
  }
  return shown;
}

// Configured shows what a step is to do, before there is any request.
export function Configured({ step, route }) {
  const { integration: i } = route;
  const templates = step.name === "integration request" ? i.requestTemplates.map((t) => ["", t])
    : step.name === "integration response" ? i.responses.flatMap((r) =>
      r.responseTemplates.map((t) => [`${r.selectionPattern || "default"} → ${r.statusCode}`, t])) : [];
  const mappings = step.name === "integration request" ? [i.requestParameters]
    : step.name === "integration response" ? i.responses.map((r) => r.responseParameters) : [];
  const pairs = mappings.flatMap((m) => Object.entries(m ?? {}));
  return html`
    ${step.name === "integration" && note(i.kind === "mock" ? "The gateway answers by itself." : i.uri)}
    ${pairs.length > 0 && section("Parameter mapping", "", html`
      <table class="mappings"><tbody>${pairs.map(([target, source]) => html`
        <tr><th scope="row">${target}</th><td><code>${source}</code></td></tr>`)}</tbody></table>`)}
    ${templates.map(([when, t]) => section(shortName(t.name), [when, t.contentType].filter(Boolean).join(" · "),
      html`<${Template} text=${t.text} />`))}
    ${!templates.length && !pairs.length && step.lines.map((line) => note(line.text))}`;
}
