// What runs behind the API: functions, engines, and what can't be served.
import { html, useEffect, useState } from "./vendor/htm-preact-3.1.1.js";
import { clock, duration, get } from "./data.js";
import { Copy } from "./parts.js";

const EVERY = 2000; // ms between two looks

function useRuntime() {
  const [state, setState] = useState();
  const [error, setError] = useState("");
  useEffect(() => {
    let timer;
    const look = async () => {
      try {
        setState(await get("runtime"));
        setError("");
      } catch (e) {
        setError(e.message);
      }
      timer = setTimeout(look, EVERY);
    };
    look();
    return () => clearTimeout(timer);
  }, []);
  return [state, error];
}

function FunctionCard({ f }) {
  return html`
    <details class="panel function">
      <summary>
        <b>${f.logicalId || f.name}</b>
        <span class="dot ${f.missing ? "bad" : f.processes ? "good" : ""}" />
        <span class="muted">${f.missing ? "not there" : `${f.processes} running, ${f.idle} idle`}</span>
        <span class="numbers muted">${f.invocations} invocations · ${f.coldStarts} cold starts${f.coldStarts ? ", last " + duration(f.coldStartNs) : ""}</span>
      </summary>
      <p class="muted">${[f.runtime, f.runsFrom].filter(Boolean).join(" · ")}</p>
      ${f.missing && html`<p class="notice warn">${f.missing}</p>`}
      <pre class="log" tabindex="0" aria-label="log of ${f.logicalId}">${f.log.join("\n") || "nothing printed yet"}</pre>
    </details>`;
}

// Changes are the reloads, the newest first.
function Changes({ all }) {
  if (!all.length) return html`<p class="muted">No file has changed since the start.</p>`;
  return html`<div class="panel"><table class="engines"><tbody>
    ${all.toReversed().map((r) => html`<tr><td class="muted">${clock(r.time)}</td><th scope="row">${r.what}</th>
      <td class=${r.error ? "bad" : "good"}>${r.error ? "not taken over" : `live after ${duration(r.tookNs)}`}</td></tr>`)}
  </tbody></table></div>`;
}

export function Runtime({ reloads }) {
  const [state, error] = useRuntime();
  if (!state) return error && html`<p class="notice bad" role="alert">${error}</p>`;
  return html`
    <div class="runtime">
      ${error && html`<p class="notice bad" role="alert">${error}</p>`}
      <h2>Functions</h2>
      ${state.functions.length ? state.functions.map((f) => html`<${FunctionCard} key=${f.name} f=${f} />`)
        : html`<p class="muted">The template has none.</p>`}
      <h2>Engines and endpoints</h2>
      <div class="panel"><table class="engines"><tbody>
        ${state.engines.map((e) => html`<tr><th scope="row" class="name">${e.service}</th><td><code>${e.url}</code></td>
          <td class="end"><${Copy} of=${async () => `export ${e.variable}=${e.url}`}>Copy export<//></td></tr>`)}
      </tbody></table></div>
      <h2>Changes</h2>
      <${Changes} all=${reloads} />
      <h2>Problems</h2>
      ${state.problems.length ? html`<ul class="panel problems">${state.problems.map((p) => html`
        <li><span class="tag">${p.effect}</span> ${p.text}</li>`)}</ul>` : html`<p class="muted">Everything of the template is served.</p>`}
    </div>`;
}
