// The sequence diagram of a route, drawn from its configuration. With a trace
// it shows how far the request came, and how long each step took.
import { html, useEffect, useRef, useState } from "./vendor/htm-preact-3.1.1.js";
import { duration, tone } from "./data.js";

const LINE = 17; // height of a line of text
const EDGE = 20; // from the border to the outer lifelines
const ARROW = 34; // from there to the boxes
const CHARACTER = 6.75; // width of one, of the font in walk.css

function useWidth() {
  const ref = useRef();
  const [width, setWidth] = useState(0);
  useEffect(() => {
    const observer = new ResizeObserver(([entry]) => setWidth(Math.round(entry.contentRect.width)));
    observer.observe(ref.current);
    return () => observer.disconnect();
  }, []);
  return [ref, width];
}

// Label is text in the room that it has, whole in its tooltip.
function Label({ x, y, room, value, anchor = "start", kind = "" }) {
  const most = Math.max(4, Math.floor(room / CHARACTER));
  const cut = value.length > most ? value.slice(0, most - 1) + "…" : value;
  return html`<text x=${x} y=${y} text-anchor=${anchor} class=${kind}><title>${value}</title>${cut}</text>`;
}

function Arrow({ from, to, y, dashed, state }) {
  const tip = from < to ? -7 : 7;
  return html`
    <g class="arrow ${state} ${dashed ? "dashed" : ""}">
      <path d="M${from} ${y}H${to}" />
      <path class="tip" d="M${to + tip} ${y - 4}L${to} ${y}L${to + tip} ${y + 4}" />
    </g>`;
}

// Choice is a step that can be chosen, by mouse and by key.
function Choice({ step, kind, chosen, onChoose, children }) {
  const choose = () => onChoose(step.name);
  const pressed = (event) => {
    if (event.key !== "Enter" && event.key !== " ") return;
    event.preventDefault();
    choose();
  };
  return html`
    <g class="box ${kind} ${step.state} ${chosen ? "chosen" : ""}" role="button" tabindex="0"
       aria-pressed=${chosen} aria-label="${step.title} ${step.state}" onClick=${choose} onKeyDown=${pressed}>
      ${children}
    </g>`;
}

const marks = { hit: "✓ ", miss: "· ", fault: "✗ " };

// Box holds what the gateway does by itself.
const Box = ({ step, y, height, left, right }) => html`
  <rect x=${left} y=${y} width=${right - left} height=${height} rx="7" />
  <text class="title" x=${left + 12} y=${y + 18}>${step.title}</text>
  ${step.ns !== undefined && html`
    <text class="time" x=${right - 10} y=${y + 18} text-anchor="end">${duration(step.ns)}</text>`}
  ${step.lines.map((line, i) => html`
    <${Label} x=${left + 12} y=${y + 18 + (i + 1) * LINE} room=${right - left - 22} kind="line ${line.mark}"
      value=${(marks[line.mark] ?? "") + line.text} />`)}`;

// Call is what goes to the endpoint and comes back.
function Call({ step, y, height, right, behind, call, endpoint }) {
  const back = endpoint ? `${endpoint.status} · ${duration(step.ns)}` : step.state === "failed" ? "no answer" : "answer";
  const room = behind - EDGE - ARROW - 16;
  return html`
    <rect x=${EDGE + ARROW} y=${y - 2} width=${behind - EDGE - ARROW + 8} height=${height} rx="7" />
    <${Label} x=${behind - 6} y=${y + 12} room=${room} anchor="end" kind="call" value=${call} />
    <${Arrow} from=${right} to=${behind} y=${y + 19} state=${step.state} />
    <${Label} x=${behind - 6} y=${y + 38} room=${room} anchor="end" kind="call ${endpoint ? tone(endpoint.status) : ""}" value=${back} />
    <${Arrow} from=${behind} to=${right} y=${y + 45} dashed state=${step.state} />`;
}

// layOut places the steps below each other: each with y and height.
function layOut(all, hasEndpoint) {
  let y = 64;
  const rows = all.map((step) => {
    const isCall = step.name === "integration" && hasEndpoint;
    const row = { step, isCall, y, height: isCall ? 54 : 27 + step.lines.length * LINE };
    y += row.height + 8;
    return row;
  });
  return [rows, y];
}

export function Diagram({ route, request, all, answer, endpoint, chosen, onChoose }) {
  const [ref, width] = useWidth();
  const hasEndpoint = Boolean(route) && route.integration.kind !== "mock";
  const [rows, bottom] = layOut(all, hasEndpoint);
  const height = bottom + 34, behind = width - EDGE;
  const left = EDGE + ARROW, right = hasEndpoint ? behind - ARROW : width - 4;
  const failed = all.some((s) => s.state === "failed");
  const call = route && `${route.integration.httpMethod} ${route.integration.endpoint}`;
  return html`
    <div class="diagram" ref=${ref}>
      ${width > 0 && html`
      <svg width=${width} height=${height} role="group" aria-label="sequence diagram">
        <path class="life" d="M${EDGE} 24V${height - 4}" />
        ${hasEndpoint && html`<path class="life" d="M${behind} 24V${height - 4}" />`}
        <text class="actor" x="2" y="14">client</text>
        <text class="actor" x=${(left + right) / 2} y="14" text-anchor="middle">API Gateway</text>
        ${hasEndpoint && html`<text class="actor" x=${width - 2} y="14" text-anchor="end">endpoint</text>`}
        <${Label} x=${EDGE + 8} y=${42} room=${width - 2 * EDGE - 12} value=${request} kind="call" />
        <${Arrow} from=${EDGE} to=${left} y=${50} state=${answer ? "passed" : ""} />
        ${rows.map((row) => html`
          <${Choice} key=${row.step.name} step=${row.step} kind=${row.isCall ? "call-out" : ""}
            chosen=${row.step.name === chosen} onChoose=${onChoose}>
            <${row.isCall ? Call : Box} ...${row} left=${left} right=${right} behind=${behind} call=${call} endpoint=${endpoint} />
          <//>`)}
        <${Label} x=${EDGE + 8} y=${bottom + 12} room=${width - 2 * EDGE} kind="call ${answer ? tone(answer.status) : ""}"
          value=${answer ? `${answer.status} ${answer.type ?? ""}` : "response"} />
        <${Arrow} from=${left} to=${EDGE} y=${bottom + 20} dashed state=${answer ? (failed ? "failed" : "passed") : ""} />
      </svg>`}
    </div>`;
}
