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

// useRequests is the list of requests, the newest first, and whether it is live.
function useRequests() {
  const [list, setList] = useState([]);
  const [live, setLive] = useState(false);
  useEffect(() => {
    const add = (more) => setList((old) => {
      const known = new Set(old.map((r) => r.id));
      return [...more.filter((r) => !known.has(r.id)), ...old].slice(0, MOST);
    });
    const catchUp = () => get("requests").then((all) => add(all.reverse()), () => {});
    return follow((request) => add([request]), (open) => {
      setLive(open);
      if (open) catchUp();
    });
  }, []);
  return [list, live];
}

function App() {
  const place = usePlace();
  const [api, setAPI] = useState();
  const [error, setError] = useState("");
  const [requests, live] = useRequests();
  const load = () => get("api").then((value) => { setAPI(value); setError(""); }, (e) => setError(e.message));
  useEffect(() => { if (live || !api) load(); }, [live]);
  useEffect(() => { if (api) document.title = `${api.name} · apigw console`; }, [api]);
  const View = views[place.view];
  return html`
    <${Header} api=${api} view=${place.view} live=${live} />
    <main class="view view-${place.view}">
      ${error && html`<p class="notice bad" role="alert">${error}</p>`}
      ${api && html`<${View} api=${api} name=${place.name} requests=${requests} reload=${load} />`}
    </main>
    <${Help} />`;
}

render(html`<${App} />`, document.body);
