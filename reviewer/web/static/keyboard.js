/* The whole review by keyboard; `?` lists the keys.
 *
 * Invariant: a key does nothing while a person types, nor with Ctrl, Alt or Meta held. */

import { beginSpan } from "./evidence.js";
import { addEvidence, decide, forward, goOn, openCitation, openFinish, ownLevel, rate, review, step } from "./review.js";
import { $, $$, inTurn, say } from "./watch.js";
import { closeSearch, openSearch, playOrPause, room } from "./work.js";

const TYPING = "input:not([type=checkbox]), textarea, select";

export function listenToKeys() {
  document.addEventListener("keydown", onKey);
}

const KEYS = {
  ArrowLeft: () => step(-1),
  ArrowRight: () => step(1),
  ArrowUp: () => passage(-1),
  ArrowDown: () => passage(1),
  PageUp: () => leaf(-1),
  PageDown: () => leaf(1),
  " ": playOrPause,
  "/": openSearch,
  "?": () => $("[data-keys]").showModal(),
  Enter: forward,
  n: () => rate(null),
  c: keep,
  d: take,
  i: beginSpan,
  e: addEvidence,
  m: () => $("#note").focus(),
  f: () => $("#feedback").focus(),
  g: openFinish,
  ".": half,
};

const AT_ONCE = new Set(["PageUp", "PageDown", " ", "/", "?", "m", "f", "i", "e"]);   // these wait for nothing

function onKey(event) {
  if (event.ctrlKey || event.altKey || event.metaKey || $("[data-keys]").open) return;
  if (event.target.closest(TYPING)) {
    if (event.key === "Escape") { event.target.blur(); if (event.target.id === "search") closeSearch(); }
    return;
  }
  const own = event.target.closest("button, a, summary, video, audio");
  if (own && (event.key === "Enter" || event.key === " ") && takesKey(own)) return;
  const act = /^[0-9]$/.test(event.key) ? () => digit(Number(event.key)) : KEYS[event.key];
  if (!act) return;
  event.preventDefault();
  if (AT_ONCE.has(event.key)) act();
  else inTurn(act);
}

/* Whether a focused control takes Enter and Space for itself: not once it did what it is for. */
function takesKey(own) {
  if (own.matches(".pick")) return own.getAttribute("aria-pressed") !== "true";
  if (own.matches("[data-element], [data-finish]")) return own.getAttribute("aria-current") !== "true";
  if (own.matches("[data-sheet]")) return own.getAttribute("aria-pressed") !== "true";
  if (own.matches("[data-tab]")) return own.getAttribute("aria-selected") !== "true";
  if (own.matches("[data-begin]")) return $("[data-begun]").hidden;
  if (own.matches("[data-cite]")) return own.dataset.cite !== room.cited;
  return true;
}

function digit(value) {
  if (review.finish || !review.card?.open) return null;
  if (review.card.levels.includes(value)) return rate(value);
  return say(`This element has the levels ${review.card.levels.join(", ")}.`);
}

function half() {
  const more = (ownLevel() ?? 0) + 0.5;
  return review.card?.open && review.card.levels.includes(more) ? rate(more) : null;
}

async function keep() {
  if (review.card?.open && review.card.scored && review.card.decides && !review.finish) {
    if (await decide(ownLevel())) await goOn();
  }
}

async function take() {
  const card = review.card;
  if (!card?.open || card.draft_level === null || review.finish) return;
  if (card.citations > 0 && card.opened === 0 && card.level !== card.draft_level) {
    say("Open one citation of the draft before you take its level: ↓ and ↑ open them.");
    return;
  }
  if (await decide(card.draft_level)) await goOn();
}

/* Nearly a pane's height of the work, or of the pane that has the focus. */
function leaf(by) {
  const pane = document.activeElement.closest("#element") ?? $("#work");
  pane.scrollBy({ top: by * pane.clientHeight * 0.85 });
}

async function passage(by) {
  const cited = $$('[data-card] [data-part="draft"] [data-cite]');
  const links = cited.length > 0 ? cited : $$("[data-card] [data-cite]");
  if (links.length === 0) return;
  const now = links.findIndex((link) => link.dataset.cite === room.cited);
  const next = links[Math.min(links.length - 1, Math.max(0, now + by))];
  next.focus({ preventScroll: true });
  next.scrollIntoView({ block: "nearest" });
  await openCitation(next);
}
