/* What a person chooses as evidence: selected words, a time span of a recording, the line that plays.
 *
 * Invariant: offsets count Unicode code points of an artifact's canonical text, as the server's do. */

import { $, $$ } from "./watch.js";
import { room } from "./work.js";

/* What is chosen at this moment: the selected words, the time span that was begun, or the line that plays. */
export function evidence() {
  return selected() ?? span() ?? playing();
}

/* The selected characters as [start, end) of the open text. */
function selected() {
  const chosen = getSelection();
  if (chosen.isCollapsed || chosen.rangeCount === 0) return null;
  const range = chosen.getRangeAt(0);
  const start = offset(range.startContainer, range.startOffset);
  const end = offset(range.endContainer, range.endOffset);
  return start !== null && end !== null && start < end ? { artifact: room.tab, start, end } : null;
}

function playing() {
  const line = $(`[data-text="${room.tab}"] .line.now .said`);
  if (!line) return null;
  const start = Number(line.dataset.start);
  return { artifact: room.tab, start, end: start + points(spoken(line)) };
}

const points = (text) => [...text].length;

function spoken(said) {
  const copy = said.cloneNode(true);
  $$(".doubt-note", copy).forEach((note) => note.remove());
  return copy.textContent.replace(/\s+$/u, "");
}

export function offset(node, index) {
  const element = node.nodeType === Node.ELEMENT_NODE ? node : node.parentElement;
  const said = element?.closest("[data-start]") ?? $("[data-start]", element?.closest(".line") ?? document.createElement("p"));
  if (!said || !$("#work").contains(said)) return null;
  const before = document.createRange();
  before.setStart(said, 0);
  if (said.contains(node)) before.setEnd(node, index);
  else before.setEnd(said, said.childNodes.length);
  const holder = document.createElement("p");
  holder.append(before.cloneContents());
  $$(".doubt-note", holder).forEach((note) => note.remove());
  return Number(said.dataset.start) + points(holder.textContent);
}

/* ---- time spans of a recording --------------------------------------------------------------------- */

const begun = { tab: "", seconds: 0 };

export function beginSpan() {
  const player = room.players.get(room.tab);
  if (!player?.play) return;
  Object.assign(begun, { tab: room.tab, seconds: player.currentTime });
  paintSpan();
}

export function forgetSpan() {
  begun.tab = "";
  paintSpan();
}

/* From where it was begun to where the player is now; null where none was begun in what is open. */
function span() {
  const player = room.players.get(room.tab);
  if (begun.tab !== room.tab || !player?.play) return null;
  const [start_s, end_s] = [begun.seconds, player.currentTime].map((at) => Math.round(at * 100) / 100).sort((one, other) => one - other);
  return { artifact: room.tab, start_s, end_s };
}

export function paintSpan() {
  const chosen = span();
  $("[data-span]").hidden = !room.players.get(room.tab)?.play;
  $("[data-begun]").hidden = !chosen;
  if (chosen) $("[data-times]").textContent = `${clock(chosen.start_s)}–${clock(chosen.end_s)}`;
}

function clock(seconds) {
  const [hours, minutes, rest] = [seconds / 3600, (seconds / 60) % 60, seconds % 60].map(Math.floor);
  const two = (number) => String(number).padStart(2, "0");
  return hours ? `${hours}:${two(minutes)}:${two(rest)}` : `${minutes}:${two(rest)}`;
}
