// A request's walk through the gateway: the diagram, and the step that is
// chosen in it.
import { html, useEffect, useState } from "./vendor/htm-preact-3.1.1.js";
import { duration, tone } from "./data.js";
import { Configured, Events } from "./detail.js";
import { Diagram } from "./diagram.js";
import { Body, Fields } from "./parts.js";
import { answerOf, last, steps } from "./steps.js";

// telling is the step that says most: the one that failed, else the first
// whose template was rendered, else the integration request.
const telling = (all) =>
  all.find((s) => s.state === "failed") ?? all.find((s) => s.events.some((e) => e.kind === "template")) ?? all[1];

export function Walk({ route, trace, request }) {
  const all = steps(route, trace);
  const [chosen, choose] = useState(telling(all).name);
  const [tab, setTab] = useState("step");
  const at = all.findIndex((s) => s.name === chosen), step = all[at];
  const open = (name) => { choose(name); setTab("step"); };
  useEffect(() => open(telling(all).name), [trace?.id]);
  return html`
    <div class="walk" key=${trace?.id}>
      <${Diagram} route=${route} request=${request} all=${all} answer=${answerOf(trace)}
        endpoint=${last(trace, "endpointResponse")} chosen=${tab === "step" && chosen} onChoose=${open} />
      <div class="detail panel">
        <div class="head">
          <button class="quiet" data-step="previous" disabled=${at === 0} onClick=${() => open(all[at - 1].name)} aria-label="previous step">‹</button>
          <h3>${step.title}</h3>
          <button class="quiet" data-step="next" disabled=${at === all.length - 1} onClick=${() => open(all[at + 1].name)} aria-label="next step">›</button>
          <span class="state ${step.state}">${step.state}${step.ns !== undefined ? " · " + duration(step.ns) : ""}</span>
          ${trace && html`<button class="quiet end" aria-pressed=${tab === "log"}
            onClick=${() => setTab(tab === "log" ? "step" : "log")} title="execution log">log</button>`}
        </div>
        ${tab === "log" ? html`<pre class="log" tabindex="0" aria-label="execution log">${trace.log}</pre>`
          : !trace ? (route && html`<${Configured} step=${step} route=${route} />`)
          : step.state === "skipped" ? html`<p class="muted">The request did not come this far.</p>`
          : step.events.length ? html`<${Events} events=${step.events} />`
          : html`<p class="muted">Nothing changed here.</p>`}
      </div>
    </div>`;
}

// Answer is what the client got; text is the body of a streamed answer.
export function Answer({ trace, text, busy }) {
  const answer = answerOf(trace);
  if (!answer) return html`<div class="panel answer empty"><h3>Response</h3><p class="muted">${busy ? "on its way …" : "Send the request to see it pass through the steps."}</p></div>`;
  return html`
    <div class="panel answer">
      <div class="head">
        <h3>Response</h3>
        <span class="status ${tone(answer.status)}">${answer.status}</span>
        <span class="muted">${answer.type ?? ""}</span>
        <span class="muted end">${duration(trace.latencyNs)}</span>
      </div>
      <${Fields} all=${answer.headers} title="headers" />
      <${Body} value=${answer.streamed ? text : answer.body} label="response body" />
    </div>`;
}
