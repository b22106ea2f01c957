// Small parts that several views show.
import { html, useEffect, useState } from "./vendor/htm-preact-3.1.1.js";
import { indented, text } from "./data.js";

export const Method = ({ name }) => html`<span class="method m-${name}">${name}</span>`;

// Body is a payload: JSON indented unless one asks for it as it came.
export function Body({ value, label }) {
  const [raw, setRaw] = useState(false);
  const nicer = indented(value);
  if (!value) return html`<p class="muted empty">no body</p>`;
  return html`
    <div class="payload">
      ${nicer !== undefined && nicer !== value && html`
        <button class="quiet corner" aria-pressed=${raw} onClick=${() => setRaw(!raw)}>as it came</button>`}
      <pre tabindex="0" aria-label=${label}>${raw ? value : nicer ?? value}</pre>
    </div>`;
}

// Fields is a table of names and values.
export function Fields({ all, title }) {
  if (!all?.length) return null;
  return html`
    <details class="fields" open=${all.length < 5}>
      <summary>${title} <span class="muted">${all.length}</span></summary>
      <table><tbody>
        ${all.map((f) => html`<tr><th scope="row">${f.name}</th><td>${f.value}</td></tr>`)}
      </tbody></table>
    </details>`;
}

// Copy puts what get promises onto the clipboard, and says so.
export function Copy({ of, children }) {
  const [said, say] = useState("");
  useEffect(() => {
    if (!said) return undefined;
    const timer = setTimeout(() => say(""), 2500);
    return () => clearTimeout(timer);
  }, [said]);
  const copy = () => of().then((value) => navigator.clipboard.writeText(value)).then(() => say("copied"), (e) => say(e.message));
  return html`<button onClick=${copy} aria-live="polite">${said || children}</button>`;
}

// Save downloads what a path answers under a name.
export function Save({ path, as, children }) {
  const [error, setError] = useState("");
  const save = async () => {
    try {
      const link = document.createElement("a");
      link.href = URL.createObjectURL(new Blob([await text(path)], { type: "text/plain" }));
      link.download = as;
      link.click();
      URL.revokeObjectURL(link.href);
      setError("");
    } catch (e) {
      setError(e.message);
    }
  };
  return html`<button onClick=${save}>${children}</button>${error && html`<span class="bad" role="alert">${error}</span>`}`;
}
