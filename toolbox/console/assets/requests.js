// The live list of requests, and one of them.
import { html, useEffect, useState } from "./vendor/htm-preact-3.1.1.js";
import { clock, duration, get, post, routeOf, text, tone, keyOf } from "./data.js";
import { draft } from "./routes.js";
import { Body, Copy, Fields, Method, Save } from "./parts.js";
import { last } from "./steps.js";
import { Answer, Walk } from "./walk.js";

// INCIDENTAL are headers that a browser sends by itself.
const INCIDENTAL = /^(host|connection|content-length|user-agent|accept-.*|sec-.*|origin|referer|cookie|pragma|cache-control)$/i;

// SHOWN is how many are in the page at a time.
const SHOWN = 200;

function List({ requests, chosen }) {
  const [filter, setFilter] = useState("");
  const [failed, setFailed] = useState(false);
  const words = filter.toLowerCase().split(/\s+/);
  const found = requests.filter((r) => (!failed || r.status >= 400) && words.every((w) =>
    `${r.method} ${r.path} ${r.status} ${r.integration} ${r.failure ?? ""} ${r.id}`.toLowerCase().includes(w)));
  return html`
    <nav class="list" aria-label="Requests">
      <input type="search" placeholder="filter requests  /" aria-label="filter requests" value=${filter} onInput=${(e) => setFilter(e.target.value)} />
      <label class="check"><input type="checkbox" checked=${failed} onChange=${(e) => setFailed(e.target.checked)} /> only 4xx and 5xx
        <span class="muted">${found.length} of ${requests.length}</span></label>
      ${found.slice(0, SHOWN).map((r) => html`
        <a key=${r.id} class="request" href="#/requests/${r.id}" aria-current=${r.id === chosen ? "true" : undefined}>
          <span class="status ${tone(r.status)}">${r.status}</span>
          <${Method} name=${r.method} /><span class="path">${r.path}</span>
          <span class="muted when">${clock(r.time)} · ${duration(r.latencyNs)}</span></a>`)}
      ${found.length > SHOWN && html`<p class="muted">and ${found.length - SHOWN} older: filter them</p>`}
      ${!found.length && html`<p class="muted">${requests.length ? "no request matches" : "Requests show up here as they come, from any client."}</p>`}
    </nav>`;
}

function Request({ api, id }) {
  const [trace, setTrace] = useState();
  const [error, setError] = useState("");
  useEffect(() => { get("requests/" + id).then(setTrace, (e) => setError(e.message)); }, [id]);
  if (error) return html`<p class="notice bad" role="alert">${error}</p>`;
  if (!trace) return null;
  const route = routeOf(api, trace), request = last(trace, "request");
  const replay = () => post(`requests/${id}/replay`).then((again) => { location.hash = "#/requests/" + again.id; }, (e) => setError(e.message));
  const edit = () => {
    const kept = request.headers.filter((h) => !INCIDENTAL.test(h.name) && !h.value.startsWith("*")); // no masked ones
    const key = route.methodRequest.apiKey;
    if (key) kept.push({ name: "x-api-key", value: key });
    const query = request.query ? "?" + request.query : "";
    draft(route, {
      method: request.method, path: request.path.replace("/" + api.stage, "") + query,
      headers: kept.map((h) => `${h.name}: ${h.value}`).join("\n"), body: request.body,
    });
    location.hash = "#/routes/" + encodeURIComponent(keyOf(route));
  };
  return html`
    <article class="route">
      <h2><${Method} name=${trace.method} /> <span class="path">${trace.path}</span>
        <span class="tag">${route?.integration.name ?? "no route"}</span></h2>
      <div class="actions">
        <button class="primary" onClick=${replay}>Replay</button>
        ${route && html`<button onClick=${edit}>Edit and send</button>`}
        <${Copy} of=${() => text(`requests/${id}/curl`)}>Copy as curl<//>
        <${Save} path="requests/${id}/case" as="${trace.method.toLowerCase()}-${trace.status}.txtar">Save as test case<//>
        <span class="muted end">${clock(trace.time)} · ${id}</span>
      </div>
      <div class="pair">
        <div class="panel"><div class="head"><h3>Request</h3></div>
          <${Fields} all=${request?.headers} title="headers" />
          <${Body} value=${request?.body} label="request body" /></div>
        <${Answer} trace=${trace} />
      </div>
      <${Walk} route=${route} trace=${trace} request="${trace.method} ${trace.path}" />
    </article>`;
}

export function Requests({ api, name, requests }) {
  return html`
    <div class="split ${name ? "chosen" : ""}">
      <${List} requests=${requests} chosen=${name} />
      <div class="content">
        <a class="back" href="#/requests">‹ all requests</a>
        ${name ? html`<${Request} key=${name} api=${api} id=${name} />`
          : html`<div class="welcome"><h2>Requests</h2><p class="muted">The last 1,000, kept in memory. Secrets are masked.</p></div>`}
      </div>
    </div>`;
}
