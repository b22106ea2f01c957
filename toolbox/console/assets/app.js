// The console: one page, whose views are named in the address behind "#".
import { html, render, useEffect, useState } from "./vendor/htm-preact-3.1.1.js";
import { follow, get } from "./data.js";
import { Header, Help } from "./header.js";
import { Requests } from "./requests.js";
import { Routes } from "./routes.js";
import { Playground } from "./playground.js";
import { Runtime } from "./runtime.js";

const views = { routes: Routes, requests: Requests, playground: Playground, runtime: Runtime };

// MOST requests are listed; the gateway keeps no more.
const MOST = 1000;

function placeOf(hash) {
  const [view, ...rest] = hash.replace(/^#\//, "").split("/");
  return { view: views[view] ? view : "routes", name: decodeURIComponent(rest.join("/")) };
}

function usePlace() {
  const [place, setPlace] = useState(placeOf(location.hash));
  useEffect(() => {
    const moved = () => setPlace(placeOf(location.hash));
    addEventListener("hashchange", moved);
    return () => removeEventListener("hashchange", moved);
  }, []);
  return place;
}

// useRequests is the list of requests, the newest first, whether it is live, and
// how many reloads it has heard of.
function useRequests() {
  const [list, setList] = useState([]);
  const [heard, setHeard] = useState(0);
  const [live, setLive] = useState(false);
  useEffect(() => {
    const add = (more) => setList((old) => {
      const known = new Set(old.map((r) => r.id));
      return [...more.filter((r) => !known.has(r.id)), ...old].slice(0, MOST);
    });
    const catchUp = () => get("requests").then((all) => add(all.reverse()), () => {});
    return follow((request) => add([request]), () => setHeard((n) => n + 1), (open) => {
      setLive(open);
      if (open) catchUp();
    });
  }, []);
  return [list, live, heard];
}

// Broken shows the changes that could not be taken over: what was there before
// is served until they are repaired.
function Broken({ reloads }) {
  const latest = new Map(reloads.map((r) => [r.what, r]));
  return [...latest.values()].filter((r) => r.error).map((r) => html`
    <details class="notice bad" role="alert" open>
      <summary>${r.what} can't be taken over: what was there before is served</summary>
      <pre>${r.error}</pre>
    </details>`);
}

function App() {
  const place = usePlace();
  const [api, setAPI] = useState();
  const [error, setError] = useState("");
  const [requests, live, heard] = useRequests();
  const [reloads, setReloads] = useState([]);
  useEffect(() => {
    if (api && !live) return;
    Promise.all([get("api"), get("reloads")])
      .then(([served, changes]) => { setAPI(served); setReloads(changes); setError(""); }, (e) => setError(e.message));
  }, [live, heard]);
  useEffect(() => { if (api) document.title = `${api.name} · apigw console`; }, [api]);
  const View = views[place.view];
  return html`
    <${Header} api=${api} view=${place.view} live=${live} />
    <main class="view view-${place.view}">
      ${error && html`<p class="notice bad" role="alert">${error}</p>`}
      <${Broken} reloads=${reloads} />
      ${api && html`<${View} api=${api} name=${place.name} requests=${requests} reloads=${reloads} />`}
    </main>
    <${Help} />`;
}

render(html`<${App} />`, document.body);
