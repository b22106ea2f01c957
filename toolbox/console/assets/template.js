// A mapping template line by line, with the values that it read.
import { html } from "./vendor/htm-preact-3.1.1.js";

// ROUNDS is how many values of one reference in a loop are shown.
const ROUNDS = 4;

// byLine gathers the reads of each line, those of one reference together.
function byLine(reads) {
  const lines = new Map();
  for (const read of reads ?? []) {
    const line = lines.get(read.line) ?? new Map();
    lines.set(read.line, line);
    const key = `${read.column} ${read.text} ${Boolean(read.set)}`;
    const reference = line.get(key) ?? { ...read, values: [] };
    line.set(key, reference);
    reference.values.push(read);
  }
  return lines;
}

const nullOf = (read) => (read.nullFrom ? `null (from ${read.nullFrom} on)` : "null");
const shown = (read) => (read.null ? nullOf(read) : read.value === "" ? '""' : read.value + (read.truncated ? "…" : ""));

function Values({ references }) {
  return html`<div class="values">
    ${references.map((r) => html`
      <span class="value ${r.values.every((v) => v.null) ? "null" : ""}" title=${`${r.text}\n${r.values.map(shown).join("\n")}`}>
        <code>${r.text}</code>${r.set && "←"}<b>${r.values.slice(0, ROUNDS).map(shown).join(" · ")}</b>
        ${r.values.length > ROUNDS && html`<i> and ${r.values.length - ROUNDS} more</i>`}
      </span>`)}
  </div>`;
}

// Code marks the references of a line where they stand in it.
function Code({ line, references }) {
  const parts = [];
  let at = 0;
  const characters = [...line];
  for (const r of [...references].sort((a, b) => a.column - b.column)) {
    const start = r.column - 1, text = [...r.text];
    if (start < at || characters.slice(start, start + text.length).join("") !== r.text) continue;
    parts.push(characters.slice(at, start).join(""), html`<mark title=${r.values.map(shown).join("\n")}>${r.text}</mark>`);
    at = start + text.length;
  }
  parts.push(characters.slice(at).join(""));
  return html`<code>${parts}</code>`;
}

// placeOf reads the line and column of "file:line:column: message".
export function placeOf(error) {
  const found = /:(\d+):(\d+): ([^]*)$/.exec(error ?? "");
  return found && { line: Number(found[1]), column: Number(found[2]), message: found[3] };
}

// Template shows text with reads, an error {line, column, message, hint} below
// its line, and lines that were not reached, if that is known.
export function Template({ text, reads, error, missed }) {
  const lines = byLine(reads);
  return html`
    <ol class="template" aria-label="template">
      ${text.split("\n").map((line, i) => {
        const number = i + 1, references = [...(lines.get(number)?.values() ?? [])];
        return html`
          <li class="${error?.line === number ? "fault" : ""} ${missed?.has(number) ? "missed" : ""} ${line.trimStart().startsWith("##") ? "comment" : ""}">
            <${Code} line=${line} references=${references} />
            ${references.length > 0 && html`<${Values} references=${references} />`}
            ${error?.line === number && html`
              <pre class="caret">${" ".repeat(Math.max(0, error.column - 1))}^ ${error.message}${error.hint ? `\n(${error.hint})` : ""}</pre>`}
          </li>`;
      })}
    </ol>`;
}
