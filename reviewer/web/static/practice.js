/* One work of a training set: read, tag, rate blind, hand in; then one's own beside the key's.
 *
 * Invariant: there is no draft here, and no key in the page before the server shows it. A level or
 * tag is sent when it is made. */

import { offset } from "./evidence.js";
import { openOutbox, send } from "./outbox.js";
import { listenToRecordings, mark, playLine, playOrPause, plays, show, showFirst } from "./recordings.js";
import { $, $$, inTurn, patch } from "./watch.js";
import { at, markSheet, showSheet } from "./work.js";

const TYPING = "input:not([type=checkbox]), textarea, select";
const TYPING_MS = 700;        // a reason is sent when typing pauses

let sitting = null;
let state = null;
let typing = 0;

const here = (act) => `/api/v1/training/sittings/${sitting}/${act}`;

export async function openPractice() {
  while (!["title", "work", "elements", "card"].every((name) => $(`[data-part="${name}"]`))) {
    await new Promise(requestAnimationFrame);
  }
  document.addEventListener("click", onClick);
  document.addEventListener("keydown", onKey);
  document.addEventListener("input", onInput);
  document.addEventListener("selectionchange", () => { $("#tag").hidden = !state || state.handed_in || !selection(); });
  $("#tag").addEventListener("pointerdown", (event) => event.preventDefault());   // the selection stays
  $("#panes").addEventListener("scroll", markSheet, { passive: true });
  markSheet();
  listenToRecordings();
  const asked = new URLSearchParams(location.search);
  const begun = await begin(asked);
  if (!begun) { $(".loading")?.remove(); return; }
  openOutbox(begun.person, (sentence) => { say(sentence); load(); });
  if (asked.has("again")) {   // once: a reload goes on with the sitting that was begun
    asked.delete("again");
    history.replaceState(null, "", `?${asked}`);
  }
  sitting = begun.sitting;
  await load(begun.elements[0]);
}

/* Sitting down is asked for by each visit, not kept: its answer says who is signed in. */
async function begin(asked) {
  const path = `/api/v1/training/sets/${at(asked.get("set") ?? "", "works", asked.get("work") ?? "", "sittings")}`;
  const answer = await fetch(path, {
    method: "POST",
    headers: { "Content-Type": "application/json", "X-Reviewer": "page" },
    body: JSON.stringify({ purpose: asked.get("for") ?? "practice", again: asked.has("again") }),
  });
  if (answer.status === 401) { location.assign("/sign-in"); return null; }
  const said = await answer.json().catch(() => ({}));
  if (!answer.ok) say(said.error ?? "This work could not be opened.");
  return answer.ok ? said : null;
}

function say(sentence) {
  const place = $("[data-message]");
  place.textContent = sentence;
  place.hidden = !sentence;
}

async function load(element = state?.element ?? "") {
  if (sitting === null) return;
  const answer = await fetch(`/training/sitting/${sitting}?${new URLSearchParams({ element })}`, { cache: "no-cache" });
  if (!answer.ok) return;
  state = await answer.json();
  document.title = state.title;
  for (const [key, html] of Object.entries(state.parts)) patch($(`[data-part="${key}"]`), html);
  $$("[data-element]").forEach((one) => one.setAttribute("aria-current", String(one.dataset.element === state.element)));
  showFirst(sitting);
  mark();
}

async function go(element) {
  say("");
  await saveReason();
  $("#element").scrollTop = 0;
  await load(element);
  leave("[data-element]", "aria-current");
}

/* What had the focus and is no longer what is chosen must not take the next Enter. */
function leave(selector, name) {
  const focused = document.activeElement;
  if (focused?.matches(selector) && focused.getAttribute(name) !== "true") focused.blur();
}

const step = (by) => {
  const next = state.elements[state.elements.indexOf(state.element) + by];
  return next ? go(next) : null;
};

async function onward() {
  const from = state.elements.indexOf(state.element);
  const rest = [...state.elements.slice(from + 1), ...state.elements.slice(0, from)];
  const next = state.handed_in ? state.elements[from + 1] : rest.find((one) => !state.rated.includes(one));
  if (next) await go(next);
  else if (!state.handed_in) say(state.rated.includes(state.element) ? "Every element has a level: press g to hand the work in." : "Choose a level first: press its digit.");
}

async function act(path, body) {
  say("");
  await send("POST", here(path), body);
  await load();
}

async function rate(level) {
  if (!state || state.handed_in) return;
  const body = { element: state.element, level };
  if (state.panel) body.rationale = $("#rationale")?.value ?? "";
  await act("ratings", body);
}

function digit(value) {
  if (!state || state.handed_in) return null;
  if (state.levels.includes(value)) return rate(value);
  return say(`This element has the levels ${state.levels.join(", ")}.`);
}

function half() {
  const more = (state?.level ?? 0) + 0.5;
  return state?.levels.includes(more) ? rate(more) : null;
}

/* ---- tags ----------------------------------------------------------------------------------- */

/* The selected characters as [start, end) of the text that they begin in. */
function selection() {
  const chosen = getSelection();
  if (chosen.isCollapsed || chosen.rangeCount === 0) return null;
  const range = chosen.getRangeAt(0);
  const place = (node) => (node.nodeType === Node.ELEMENT_NODE ? node : node.parentElement)?.closest("[data-artifact-text]");
  const text = place(range.startContainer);
  const start = offset(range.startContainer, range.startOffset);
  const end = text === place(range.endContainer) ? offset(range.endContainer, range.endOffset) : null;
  return text && start !== null && end !== null && start < end ? { artifact: text.dataset.artifactText, start, end } : null;
}

async function tag() {
  if (!state || state.handed_in) return;
  const chosen = selection();
  if (!chosen) { say("Select words of one text of the work, and press e."); return; }
  getSelection().removeAllRanges();
  await act("tags", { element: state.element, ...chosen });
}

async function untag({ artifact, start, end }) {
  await act("tags", { element: state.element, artifact, start: Number(start), end: Number(end), stands: false });
}

/* ---- an expert's reason, and the last step ------------------------------------------------- */

function onInput(event) {
  if (event.target.id !== "rationale") return;
  clearTimeout(typing);
  typing = setTimeout(saveReason, TYPING_MS);
}

async function saveReason() {
  clearTimeout(typing);
  const field = $("#rationale");
  if (!field || field.readOnly || !state?.rated.includes(state.element)) return;
  await send("POST", here("ratings"), { element: state.element, level: state.level, rationale: field.value });
}

async function handIn() {
  if (!state || state.handed_in) return;
  await saveReason();
  say("");
  const done = await send("POST", here("hand-in"));
  $("#element").scrollTop = 0;
  await load(done ? state.elements[0] : undefined);
}

/* ---- keys and clicks ------------------------------------------------------------------------ */

const KEYS = {
  ArrowLeft: () => step(-1),
  ArrowRight: () => step(1),
  "?": () => $("[data-keys]").showModal(),
  Enter: onward,
  " ": playOrPause,
  n: () => rate(null),
  e: tag,
  g: handIn,
  ".": half,
};

function onKey(event) {
  if (event.ctrlKey || event.altKey || event.metaKey || $("[data-keys]").open || !state) return;
  if (event.target.closest(TYPING)) {
    if (event.key === "Escape") event.target.blur();
    return;
  }
  const own = event.target.closest("button, a, summary");
  const done = own?.matches('.pick[aria-pressed="true"], [data-element][aria-current="true"]');
  if (own && !done && (event.key === "Enter" || event.key === " ")) return;
  const doing = /^[0-9]$/.test(event.key) ? () => digit(Number(event.key)) : KEYS[event.key];
  if (!doing || (event.key === " " && !plays())) return;   // without a recording, Space scrolls
  event.preventDefault();
  inTurn(doing);
}

function onClick(event) {
  const on = (selector) => event.target.closest(selector);
  if (on("[data-untag]")) { const { dataset } = on("[data-untag]"); inTurn(() => untag(dataset)); }
  else if (on("[data-tag]")) inTurn(tag);
  else if (on("[data-level]")) { const { level } = on("[data-level]").dataset; inTurn(() => rate(level === "none" ? null : Number(level))); }
  else if (on("[data-element]")) { const { element } = on("[data-element]").dataset; inTurn(() => go(element)); }
  else if (on("[data-hand-in-work]")) inTurn(handIn);
  else if (on("[data-sheet]")) showSheet(on("[data-sheet]").dataset.sheet);
  else if (on("#keys")) $("[data-keys]").showModal();
  else if (on("[data-show]")) show(sitting, on("[data-show]").dataset.show);
  else if (on(".line[data-t]") && getSelection().isCollapsed) playLine(sitting, on(".line"));
}
