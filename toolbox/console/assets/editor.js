// A request to edit and send, from this page's own origin.
import { html } from "./vendor/htm-preact-3.1.1.js";
import { get } from "./data.js";
import { Copy } from "./parts.js";

const METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"];

const lines = (headers) => Object.entries(headers ?? {}).map(([name, value]) => `${name}: ${value}`).join("\n");

// exampleOf is the route's example request, with a key if the method wants one.
export function exampleOf({ example, methodRequest }) {
  const headers = { ...example.headers };
  if (methodRequest.apiKey) headers["x-api-key"] = methodRequest.apiKey;
  return { method: example.method, path: example.path, headers: lines(headers), body: example.body };
}

// fieldsOf reads header lines.
function fieldsOf(text) {
  return text.split("\n").filter((line) => line.trim()).map((line) => {
    const colon = line.indexOf(":");
    if (colon < 1) throw new Error(`header line "${line}": write Name: value`);
    return [line.slice(0, colon).trim(), line.slice(colon + 1).trim()];
  });
}

// send sends a request below the stage. It returns the ID of its trace, and
// the body for answers that were streamed.
async function send(api, { method, path, headers, body }) {
  const url = "/" + api.stage + path;
  const hasBody = body !== "" && method !== "GET" && method !== "HEAD";
  const response = await fetch(url, {
    method, headers: fieldsOf(headers), body: hasBody ? body : undefined,
    redirect: "manual", cache: "no-store", credentials: "omit",
  });
  const text = await response.text();
  const id = response.headers.get("x-amzn-RequestId") ?? (await newest(url, method));
  return { id, text };
}

// newest finds the trace of an answer whose headers the browser hides: a redirect.
async function newest(url, method) {
  const found = (await get("requests")).findLast((r) => r.path === url && r.method === method);
  if (!found) throw new Error("the answer has no x-amzn-RequestId, and the gateway kept no trace of it");
  return found.id;
}

// Before offers to send the request whose answer the example takes a member of.
function Before({ api, route, request, onChange, onSend }) {
  const { first, take } = route.example;
  if (!first || !request.path.includes(`{${take}}`)) return null;
  const fill = () => onSend({
    send: async () => {
      const { id, text } = await send(api, { ...first, headers: lines(first.headers) });
      const value = JSON.parse(text)[take];
      if (value === undefined) throw new Error(`the answer to POST ${first.path} has no ${take}`);
      onChange({ ...request, path: request.path.replaceAll(`{${take}}`, value) });
      return { id, text };
    },
  });
  return html`<p class="note"><code>{${take}}</code> is in the answer of another request:
    <button onClick=${fill}>POST ${first.path}</button></p>`;
}

export function Editor({ api, route, request, onChange, onSend, busy }) {
  const set = (name) => (event) => onChange({ ...request, [name]: event.target.value });
  const submit = (event) => {
    event?.preventDefault();
    if (!busy) onSend({ send: () => send(api, request) });
  };
  const pressed = (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) submit(event);
  };
  const rows = (text, least) => Math.min(16, Math.max(least, text.split("\n").length));
  const signed = route.methodRequest.authorizationType === "AWS_IAM";
  return html`
    <form class="panel editor" onSubmit=${submit} onKeyDown=${pressed} autocomplete="off">
      <div class="line">
        ${route.method === "ANY" ? html`
          <select aria-label="method" value=${request.method} onChange=${set("method")}>
            ${METHODS.map((m) => html`<option value=${m}>${m}</option>`)}</select>`
          : html`<b class="verb">${request.method}</b>`}
        <label class="address"><span class="muted">/${api.stage}</span>
          <input name="path" aria-label="path" value=${request.path} onInput=${set("path")} spellcheck="false" /></label>
        <button class="primary" disabled=${busy}>Send</button>
      </div>
      <${Before} api=${api} route=${route} request=${request} onChange=${onChange} onSend=${onSend} />
      ${signed && html`<p class="note warn">The method wants a signature, which a browser can't make: use the curl command.</p>`}
      <label>Headers<textarea name="headers" rows=${rows(request.headers, 1)} value=${request.headers} onInput=${set("headers")} spellcheck="false" /></label>
      ${request.method !== "GET" && request.method !== "HEAD" && html`
        <label>Body<textarea name="body" rows=${rows(request.body, 3)} value=${request.body} onInput=${set("body")} spellcheck="false" /></label>`}
      <div class="actions">
        <button type="button" onClick=${() => onChange(exampleOf(route))}>Example</button>
        <${Copy} of=${async () => route.curl}>Copy example as curl<//>
      </div>
    </form>`;
}
