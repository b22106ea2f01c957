// The bar on top, the theme, and the keys.
import { html, useEffect, useRef, useState } from "./vendor/htm-preact-3.1.1.js";

const tabs = [["routes", "Routes"], ["requests", "Requests"], ["playground", "Playground"], ["runtime", "Runtime"]];

const keys = [
  ["1 … 4", "routes, requests, playground, runtime"],
  ["/", "filter the list"],
  ["j, k", "next, previous in the list"],
  ["[, ]", "previous, next step of the request"],
  ["Ctrl Enter", "send the request"],
  ["t", "dark or light"],
  ["?", "this help"],
];

const themes = ["system", "dark", "light"];

function useTheme() {
  const [theme, setTheme] = useState(localStorage.getItem("apigw.theme") ?? "system");
  useEffect(() => {
    document.documentElement.dataset.theme = theme;
    localStorage.setItem("apigw.theme", theme);
  }, [theme]);
  return [theme, () => setTheme((old) => themes[(themes.indexOf(old) + 1) % themes.length])];
}

const isTyping = (target) => target.closest?.("input, textarea, select, dialog[open]");

// step moves through the links of the list that is shown.
function step(by) {
  const links = [...document.querySelectorAll(".list a")];
  const at = links.findIndex((a) => a.getAttribute("aria-current"));
  const next = links[at < 0 ? 0 : Math.min(Math.max(at + by, 0), links.length - 1)];
  next?.click();
  next?.scrollIntoView({ block: "nearest" });
}

function useKeys(actions) {
  useEffect(() => {
    const pressed = (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
      const act = actions[event.key];
      if (!act) return;
      event.preventDefault();
      act();
    };
    addEventListener("keydown", pressed);
    return () => removeEventListener("keydown", pressed);
  }, []);
}

export function Header({ api, view, live }) {
  const [theme, nextTheme] = useTheme();
  useKeys({
    ...Object.fromEntries(tabs.map(([name], i) => [String(i + 1), () => { location.hash = "#/" + name; }])),
    "/": () => document.querySelector("input[type=search]")?.focus(),
    j: () => step(1),
    k: () => step(-1),
    "[": () => document.querySelector("[data-step=previous]")?.click(),
    "]": () => document.querySelector("[data-step=next]")?.click(),
    t: nextTheme,
    "?": () => document.getElementById("help").showModal(),
  });
  return html`
    <header class="bar">
      <a class="brand" href="#/routes" title=${api?.baseURL}>
        <img src="icon.svg" alt="" width="20" height="20" />
        <b>${api?.name ?? "apigw"}</b><span class="muted">${api?.stage}</span>
      </a>
      ${api?.others.length > 0 && html`<details class="menu"><summary>other APIs</summary>
        <ul>${api.others.map((o) => html`<li><a href=${o.url}>${o.name}</a></li>`)}</ul></details>`}
      <nav aria-label="Views">
        ${tabs.map(([name, title]) => html`
          <a href="#/${name}" aria-current=${name === view ? "page" : undefined}>${title}</a>`)}
      </nav>
      <span class="live ${live ? "on" : ""}" role="status">${live ? "live" : "not connected"}</span>
      <button class="quiet" onClick=${nextTheme} title="dark or light (t)" aria-label="theme: ${theme}">
        ${{ system: "◐", dark: "☾", light: "☀" }[theme]}</button>
      <button class="quiet" onClick=${() => document.getElementById("help").showModal()} aria-label="keys">?</button>
    </header>`;
}

export function Help() {
  const dialog = useRef();
  return html`
    <dialog id="help" ref=${dialog} aria-label="Keys">
      <h2>Keys</h2>
      <dl>${keys.map(([key, what]) => html`<dt><kbd>${key}</kbd></dt><dd>${what}</dd>`)}</dl>
      <button onClick=${() => dialog.current.close()}>Close</button>
    </dialog>`;
}
