// A mapping template on its own: edited, rendered and linted at once.
import { html, useEffect, useMemo, useState } from "./vendor/htm-preact-3.1.1.js";
import { post, shortName } from "./data.js";
import { Body } from "./parts.js";
import { Template } from "./template.js";

const DELAY = 120; // ms without a key, until it is rendered

const START = {
  name: "playground.vtl",
  template: `#set($order = $input.path('$'))
{
  "id": "$util.escapeJavaScript($order.id).replaceAll("\\\\'", "'")",
  "items": [
#foreach($item in $order.items)
    "$util.escapeJavaScript($item).replaceAll("\\\\'", "'")"#if($foreach.hasNext),#end

#end
  ]
}`,
  body: `{"id": "o-1", "items": ["cup", "jug"]}`,
  input: "{}",
};

// templatesOf are those of the API, each once.
function templatesOf(api) {
  const all = api.routes.flatMap(({ integration: i }) => [...i.requestTemplates, ...i.responses.flatMap((r) => r.responseTemplates)]);
  return [...new Map(all.map((t) => [t.name, t])).values()].sort((a, b) => a.name.localeCompare(b.name));
}

function useRendering({ name, template, body, input }) {
  const [state, setState] = useState({});
  useEffect(() => {
    let stale = false;
    const timer = setTimeout(async () => {
      try {
        const result = await post("render", { name, template, body, ...JSON.parse(input || "{}") });
        if (!stale) setState(result);
      } catch (e) {
        if (!stale) setState((old) => ({ ...old, failure: e.message }));
      }
    }, DELAY);
    return () => { stale = true; clearTimeout(timer); };
  }, [name, template, body, input]);
  return state;
}

function Findings({ all }) {
  if (!all) return null;
  if (!all.length) return html`<p class="good">lint: no findings</p>`;
  return html`<ul class="findings">
    ${all.map((f) => html`<li class=${f.severity}><code>${f.rule}</code> <span class="muted">${f.where.line}:${f.where.column}</span> ${f.what}
      <details><summary class="muted">why, and what to do</summary>${f.why} <b>${f.fix}</b></details></li>`)}
  </ul>`;
}

export function Playground({ api, name }) {
  const known = useMemo(() => templatesOf(api), [api]);
  const [draft, setDraft] = useState(START);
  const set = (field) => (event) => setDraft({ ...draft, [field]: event.target.value });
  useEffect(() => {
    const found = known.find((t) => t.name === name);
    if (found) setDraft({ ...START, name: found.name, template: found.text });
  }, [name, known]);
  const result = useRendering(draft);
  const missed = new Set(result.coverage?.lines.filter((l) => !l.reached).map((l) => l.line));
  return html`
    <div class="playground">
      <div class="panel inputs">
        <label>Template
          <select aria-label="template to begin with" value=${draft.name}
            onChange=${(e) => { location.hash = "#/playground/" + encodeURIComponent(e.target.value); }}>
            <option value=${START.name}>an example</option>
            ${known.map((t) => html`<option value=${t.name}>${shortName(t.name)}</option>`)}
          </select></label>
        <textarea class="code" name="template" aria-label="template" rows="18" value=${draft.template} onInput=${set("template")} spellcheck="false" wrap="off" />
        <label>Body, <code>$input</code>
          <textarea name="body" rows="6" value=${draft.body} onInput=${set("body")} spellcheck="false" /></label>
        <label>Params, context, stageVariables
          <textarea name="input" rows="2" value=${draft.input} onInput=${set("input")} spellcheck="false"
            placeholder='{"params": {"path": {"id": "7"}}, "stageVariables": {"table": "t"}}' /></label>
      </div>
      <div class="panel outputs" aria-live="polite">
        ${result.failure && html`<p class="notice bad">${result.failure}</p>`}
        <h3>Output</h3>
        ${result.error ? html`<p class="notice bad">${draft.name}:${result.error.line}:${result.error.column}: ${result.error.message}</p>`
          : html`<${Body} value=${result.output} label="output" />`}
        <${Findings} all=${result.findings} />
        <h3>Values</h3>
        <${Template} text=${draft.template} reads=${result.references} error=${result.error} missed=${missed} />
      </div>
    </div>`;
}
