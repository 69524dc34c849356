/* One submission under review: the element's card, what a person does with it, the time it takes.
 *
 * Invariant: what is shown comes from the server after each act; a level is sent when it is chosen.
 * Nothing of a draft is in the page before the server hands it out. */

import { countTime, flushTime } from "./active.js";
import { beginSpan, evidence, forgetSpan } from "./evidence.js";
import { listenToKeys } from "./keyboard.js";
import { openOutbox, send } from "./outbox.js";
import { bring } from "./player.js";
import { fill, flushTexts, listenToTexts } from "./texts.js";
import { $, $$, inTurn, look, patch, say, watch } from "./watch.js";
import { at, enlarge, listenToWork, openFirst, openHit, openPassage, openTab, play, refreshText, room, showSheet } from "./work.js";

export const review = { card: null, elements: [], open: [], finish: false };

export async function openRoom() {
  room.id = new URLSearchParams(location.search).get("id");
  // Gradio renders its components one after the other: wait until the last wall stands.
  while (!["tabs", "title", "progress", "elements", "package", "decision"].every((name) => $(`[data-part="${name}"]`))) {
    await new Promise(requestAnimationFrame);
  }
  document.addEventListener("click", onClick);
  document.addEventListener("submit", onSubmit);
  listenToWork();
  listenToKeys();
  listenToTexts();
  countTime();
  let person = "";
  watch(`/live/${at(room.id)}`, (state) => {
    if (!person) openOutbox(state.person, (sentence) => { say(sentence); loadCard(); });
    else if (person !== state.person) { location.reload(); return; }   // somebody else signed in
    person = state.person;
    document.title = state.title;
    room.texts = state.texts;
    room.same = state.same;
    review.elements = state.elements;
    review.open = state.open;
    for (const [key, html] of Object.entries(state.parts)) patch($(`[data-part="${key}"]`), html);
    $("[data-loading]")?.remove();
    if (!room.element) selectElement(state.open[0] ?? state.elements[0]);
    else if (review.card && (state.versions[room.element] ?? 0) !== review.card.version) loadCard();
    else if (review.card && !review.card.scored) loadCard();
    if (!room.tab) openFirst();
    else refreshText();
    paintElements();
  });
}

const base = () => `/api/v1/submissions/${at(room.id)}`;
export const here = (act) => `${base()}/elements/${at(room.element)}/${act}`;

/* ---- the card of one element ---------------------------------------------------------------- */

export function selectElement(element) {
  say("");
  review.finish = false;
  $("[data-finish-card]").hidden = true;
  if (room.element !== element) {
    flushTexts();
    flushTime();
    room.element = element;
    room.cited = "";
    review.card = null;
    $("#element").scrollTop = 0;
  }
  paintElements();
  leave("[data-element], [data-finish]", "aria-current");
  return loadCard();
}

export async function loadCard() {
  const element = room.element;
  const answer = await fetch(`/review/${at(room.id, element)}`, { cache: "no-cache" });
  if (!answer.ok || element !== room.element) return;
  const before = review.card;
  const card = await answer.json();
  review.card = card;
  for (const [key, html] of Object.entries(card.parts)) patch($(`#element [data-part="${key}"]`), html);
  fill("note", card.note, card.note, before?.element !== element);
  fill("feedback", card.feedback, card.feedback_kept, before?.element !== element || !before.decided);
  $("[data-feedback]").hidden = !card.decided && !card.feedback;
  for (const name of ["note", "feedback"]) $(`#${name}`).readOnly = !card.open;
  $("[data-note]").hidden = !card.open && !card.note;
  $("[data-card]").hidden = review.finish;
  if (before === null || JSON.stringify(before.parts) !== JSON.stringify(card.parts)) await refreshText(true);
}

function paintElements() {
  $$("[data-element]").forEach((button) => {
    button.setAttribute("aria-current", String(!review.finish && button.dataset.element === room.element));
  });
  $("#nav-finish")?.setAttribute("aria-current", String(review.finish));
}

/* What had the focus and is no longer what is chosen must not take the next Enter. */
function leave(selector, state) {
  const focused = document.activeElement;
  if (focused?.matches(selector) && focused.getAttribute(state) !== "true") focused.blur();
}

export function step(by) {
  const order = review.elements;
  const index = order.indexOf(room.element) + by;
  if (index >= order.length) return openFinish();
  if (review.finish) return selectElement(order[by < 0 ? order.length - 1 : 0]);
  return selectElement(order[Math.max(0, index)]);
}

/* To the next element that is open and not decided, or to the end. */
export function goOn() {
  const order = review.elements;
  const from = order.indexOf(room.element);
  const rest = [...order.slice(from + 1), ...order.slice(0, from)].filter((one) => review.open.includes(one));
  const next = rest.find((one) => !$(`[data-element="${one}"]`)?.classList.contains("decided"));
  return next ? selectElement(next) : openFinish();
}

/* ---- acts --------------------------------------------------------------------------------------- */

async function act(method, path, body) {
  say("");
  const answer = await send(method, path, body);
  await loadCard();
  look();
  return answer;
}

/* Show a level as chosen: null is not observable, undefined none at all. */
function press(level) {
  $$(".pick").forEach((one) => one.setAttribute("aria-pressed", String(level === null ? one.dataset.level === "none" : Number(one.dataset.level) === level)));
  leave(".pick", "aria-pressed");
}

export async function rate(level) {
  const card = review.card;
  if (!card?.open) return null;
  press(level);
  const kept = await act("POST", here("rate"), { level, version: card.version });
  if (kept === null && review.card?.element === card.element) press(review.card.scored ? ownLevel() : undefined);
  return kept;
}

export async function reveal() {
  await flushTime();   // what was blind counts as blind
  await act("POST", here("reveal"));
  const shown = $(".revealed");
  if (shown) bring(shown);
}

export async function decide(level) {
  const card = review.card;
  const body = { level, version: card.version };
  if ($("#reason") && level !== card.draft_level) { body.reason = $("#reason").value; body.words = $("#words").value; }
  return act("POST", here("decide"), body);
}

export const ownLevel = () => (review.card.level === "not observable" ? null : review.card.level);

/* Enter: whatever comes next. */
export async function forward() {
  const card = review.card;
  if (review.finish) { if ($("#finalize")) await finalize(); return; }
  if (!card) return;
  if (!card.open) { await goOn(); return; }
  if (!card.scored) { say("Choose a level first: press its digit."); return; }
  if (card.awaits_reveal) { await reveal(); return; }
  if (card.decided || !card.decides) { await goOn(); return; }
  if (card.draft_level === null || card.draft_level === card.level) { if (await decide(ownLevel())) await goOn(); return; }
  say("Keep your level with c, or take the draft with d.");
}

/* What is chosen now, whatever is still on its way: a recording plays on. */
export function addEvidence() {
  const chosen = evidence();
  if (!chosen) { say("Select words in the work, or play to a line, and press e; i begins a time span of a recording."); return; }
  if (chosen.start_s !== undefined && chosen.start_s === chosen.end_s) { say("Play to where the time span ends, and press e."); return; }
  if (chosen.start_s !== undefined) forgetSpan();
  inTurn(() => act("POST", here(chosen.start_s === undefined ? "marks" : "marks/times"), chosen));
}

/* ---- the last step ------------------------------------------------------------------------------- */

export async function openFinish() {
  await flushTexts();
  review.finish = true;
  paintElements();
  leave("[data-element], [data-finish], .pick, [data-cite]", "aria-current");
  const answer = await fetch(`/finish/${at(room.id)}`, { cache: "no-cache" });
  if (!answer.ok) return;
  patch($("[data-finish-card]"), await answer.text());
  $("[data-card]").hidden = true;
  $("[data-finish-card]").hidden = false;
  $("#element").scrollTop = 0;
}

async function finalize() {
  const outcome = $("[data-outcome]").dataset.outcome;
  await send("POST", `${base()}/finalize`, { outcome });
  await openFinish();
  look();
}

/* ---- clicks --------------------------------------------------------------------------------------------- */

export async function openCitation(link) {
  const { cite, artifact, t } = link.dataset;
  await openPassage({ cite, artifact, t });
  const number = Number(cite.split("-")[1]);
  if (review.card?.draft_level !== null && review.card?.open && Number.isInteger(number)) {
    if (await send("POST", here(`citations/${number}/open`))) await loadCard();
  }
}

function onClick(event) {
  const on = (selector) => event.target.closest(selector);
  const link = on("[data-cite]") ?? on("[data-open]") ?? on("[data-hit]");
  if (link) event.preventDefault();
  if (on("[data-cite]")) inTurn(() => openCitation(link));
  else if (on("[data-hit]")) openHit(link.dataset);
  else if (on("[data-open]")) openTab(link.dataset.open);
  else if (on("[data-tab]")) { openTab(on("[data-tab]").dataset.tab); showSheet("work"); }
  else if (on("[data-element]")) { const { element } = on("[data-element]").dataset; inTurn(() => selectElement(element)); showSheet("element"); }
  else if (on("[data-finish]")) { inTurn(openFinish); showSheet("element"); }
  else if (on("[data-sheet]")) showSheet(on("[data-sheet]").dataset.sheet);
  else if (on("[data-level]")) { const { level } = on("[data-level]").dataset; inTurn(() => rate(level === "none" ? null : Number(level))); }
  else if (on("[data-unmark]")) { const { unmark } = on("[data-unmark]").dataset; inTurn(() => act("DELETE", here(`marks/${unmark}`))); }
  else if (on("[data-act]")) { const name = on("[data-act]").dataset.act; inTurn(() => onAct(name)); }
  else if (on("[data-begin]")) beginSpan();
  else if (on("[data-evidence]")) addEvidence();
  else if (on("[data-forget]")) forgetSpan();
  else if (on("[data-enlarge]")) enlarge(on("[data-enlarge]"));
  else if (on("#keys")) $("[data-keys]").showModal();
  else if (on(".line[data-t]") && getSelection().isCollapsed) play(room.tab, Number(on(".line").dataset.t));
}

async function onAct(name) {
  if (name === "reveal") await reveal();
  else if (name === "finalize") await finalize();
  else if (await decide(name === "mine" ? ownLevel() : review.card.draft_level)) await goOn();
}

async function onSubmit(event) {
  const naming = event.target.closest("[data-name]");
  if (!naming && !event.target.closest("[data-assign]")) return;
  event.preventDefault();
  say("");
  if (naming) { await send("PUT", `${base()}/candidate`, { name: $("#candidate-name").value }); await openFinish(); return; }
  const [kind, purpose] = $("#assign-part").value.split(" ");
  await send("POST", `${base()}/assign`, { name: $("#assign-name").value.trim(), kind, purpose });
  await openFinish();
}
