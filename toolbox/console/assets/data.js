// What the pages get from the gateway, and how values read.

async function answer(response) {
  const value = await response.json();
  if (!response.ok) throw new Error(value.error);
  return value;
}

export const get = async (path) => answer(await fetch(path, { cache: "no-store" }));

export const post = async (path, value) =>
  answer(await fetch(path, { method: "POST", body: JSON.stringify(value ?? null) }));

// text gets what is no JSON; errors are.
export async function text(path) {
  const response = await fetch(path);
  if (!response.ok) throw new Error((await response.json()).error);
  return response.text();
}

// follow calls back with each further request, on reloads, and with whether the
// stream is open.
export function follow(onRequest, onReload, onOpen) {
  const stream = new EventSource("events");
  stream.addEventListener("reload", onReload);
  stream.addEventListener("request", (event) => onRequest(JSON.parse(event.data)));
  stream.onopen = () => onOpen(true);
  stream.onerror = () => onOpen(false); // the browser tries again by itself
  return () => stream.close();
}

export function duration(ns) {
  if (ns >= 1e9) return (ns / 1e9).toFixed(2) + " s";
  if (ns >= 1e7) return Math.round(ns / 1e6) + " ms";
  if (ns >= 1e6) return (ns / 1e6).toFixed(1) + " ms";
  return Math.round(ns / 1e3) + " µs";
}

export const clock = (time) => new Date(time).toLocaleTimeString([], { hour12: false });

// tone is the colour of a status.
export const tone = (status) => (status >= 500 ? "bad" : status >= 400 ? "warn" : status >= 300 ? "info" : "good");

// indented is JSON on several lines, each value as it is written: numbers are
// not read, so that none is rounded. Text that is no JSON is undefined.
export function indented(source) {
  try {
    if (typeof JSON.parse(source) !== "object") return undefined;
  } catch {
    return undefined;
  }
  let out = "", depth = 0;
  const line = () => "\n" + "  ".repeat(depth);
  for (const [token] of source.matchAll(/"(?:\\.|[^"\\])*"|[{}[\],:]|[^\s{}[\],:"]+/g)) {
    if (token === "{" || token === "[") {
      depth++;
      out += token + line();
    } else if (token === "}" || token === "]") {
      depth--;
      out = /[{[]\s*$/.test(out) ? out.trimEnd() + token : out + line() + token;
    } else if (token === ",") out += token + line();
    else out += token === ":" ? ": " : token;
  }
  return out;
}

// keyOf names a route in the address.
export const keyOf = (route) => route.method + " " + route.path;

// routeOf finds the route that a request came to.
export const routeOf = (api, request) =>
  api.routes.find((r) => r.path === request.resource && r.method === request.method) ??
  api.routes.find((r) => r.path === request.resource && r.method === "ANY");

// fileName is the end of a template's name; shortName is without the folder of all.
export const fileName = (name) => name.slice(name.lastIndexOf("/") + 1);
export const shortName = (name) => name.replace(/^mappings\//, "");
