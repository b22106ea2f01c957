// The routes by integration, and one of them with a request to try.
import { html, useEffect, useState } from "./vendor/htm-preact-3.1.1.js";
import { get, keyOf } from "./data.js";
import { Editor, exampleOf } from "./editor.js";
import { Method } from "./parts.js";
import { Answer, Walk } from "./walk.js";

// groups are the routes by integration, preflights last.
function groups(routes, filter) {
  const words = filter.toLowerCase().split(/\s+/);
  const found = new Map();
  for (const route of routes) {
    const name = route.method === "OPTIONS" ? "OPTIONS" : route.integration.name.replace(/:.*\)$/, ")"); // without the action
    const text = `${route.method} ${route.path} ${name}`.toLowerCase();
    if (words.every((w) => text.includes(w))) found.set(name, [...(found.get(name) ?? []), route]);
  }
  return [...found].sort(([a], [b]) => (a === "OPTIONS") - (b === "OPTIONS") || a.localeCompare(b));
}

function List({ routes, chosen }) {
  const [filter, setFilter] = useState("");
  const shown = groups(routes, filter);
  return html`
    <nav class="list" aria-label="Routes">
      <input type="search" placeholder="filter routes  /" aria-label="filter routes" value=${filter} onInput=${(e) => setFilter(e.target.value)} />
      ${shown.map(([name, group]) => html`
        <details class="group" open=${name !== "OPTIONS" || filter !== "" || group.some((r) => keyOf(r) === chosen)}>
          <summary>${name === "OPTIONS" ? "CORS preflights" : name} <span class="muted">${group.length}</span></summary>
          ${group.map((r) => html`
            <a href="#/routes/${encodeURIComponent(keyOf(r))}" aria-current=${keyOf(r) === chosen ? "true" : undefined}
               class=${r.unservable ? "bad" : ""}>
              <${Method} name=${r.method} /><span class="path">${r.path}</span></a>`)}
        </details>`)}
      ${!shown.length && html`<p class="muted">no route matches</p>`}
    </nav>`;
}

// drafts are requests to begin with, by route: of a request that someone edits again.
const drafts = new Map();
export const draft = (route, request) => drafts.set(keyOf(route), request);

function Route({ api, route }) {
  const [request, setRequest] = useState(() => drafts.get(keyOf(route)) ?? exampleOf(route));
  const [sent, setSent] = useState({});
  useEffect(() => drafts.set(keyOf(route), request), [request]);
  const send = async (asked) => {
    setSent((old) => ({ ...old, busy: true, error: "" }));
    try {
      const { id, text } = await asked.send(api);
      setSent({ trace: await get("requests/" + id), text });
    } catch (e) {
      setSent({ error: e.message });
    }
  };
  return html`
    <article class="route">
      <h2><${Method} name=${route.method} /> <span class="path">${route.path}</span>
        <span class="tag">${route.integration.name}</span></h2>
      ${route.unservable && html`<p class="notice bad">can't be served: ${route.unservable}</p>`}
      ${route.noBackend && html`<p class="notice warn">${route.noBackend}</p>`}
      <div class="pair">
        <${Editor} api=${api} route=${route} request=${request} onChange=${setRequest} onSend=${send} busy=${sent.busy} />
        <div>
          ${sent.error && html`<p class="notice bad" role="alert">${sent.error}</p>`}
          <${Answer} trace=${sent.trace} text=${sent.text} busy=${sent.busy} />
        </div>
      </div>
      <${Walk} route=${route} trace=${sent.trace} request="${request.method} ${request.path}" />
    </article>`;
}

export function Routes({ api, name }) {
  const route = api.routes.find((r) => keyOf(r) === name);
  return html`
    <div class="split ${route ? "chosen" : ""}">
      <${List} routes=${api.routes} chosen=${name} />
      <div class="content">
        <a class="back" href="#/routes">‹ all routes</a>
        ${route ? html`<${Route} key=${name} api=${api} route=${route} />` : html`
          <div class="welcome">
            <h2>${api.name}</h2>
            <p class="muted">Stage ${api.stage} in ${api.region} · ${api.routes.length} methods · <code>${api.baseURL}</code></p>
            <p>Choose a route to see its way through the gateway, drawn from the template that is served. Send a request and each step shows what it read, wrote and decided.</p>
          </div>`}
      </div>
    </div>`;
}
