/* The work: tabs, texts with their marks, players, search.
 *
 * Invariant: what a person reads stays where it is while texts, marks and players come and go. */

import { paintSpan } from "./evidence.js";
import { LEAD_IN_S, bring, followLines, newPlayer } from "./player.js";
import { $, $$, patch } from "./watch.js";

export const room = { id: "", tab: "", element: "", cited: "", hit: "", texts: {}, same: [], players: new Map(), scrolled: new Map(), touched: 0 };

export const at = (...parts) => parts.map(encodeURIComponent).join("/");

export function listenToWork() {
  for (const event of ["wheel", "touchmove", "keydown"]) {
    $("#work").addEventListener(event, () => { room.touched = Date.now(); }, { passive: true });
  }
  $("#panes").addEventListener("scroll", markSheet, { passive: true });
  markSheet();
  let wait = 0;
  $("#search").addEventListener("input", () => { clearTimeout(wait); wait = setTimeout(search, 200); });
  $("[data-search]").addEventListener("submit", (event) => { event.preventDefault(); search(); });
  $("[data-close-search]").addEventListener("click", closeSearch);
}

/* ---- tabs and texts --------------------------------------------------------------------- */

export function openFirst() {
  const tabs = $$("[data-tab]").filter((tab) => room.texts[tab.dataset.tab]);
  const changed = tabs.filter((tab) => !room.same.includes(tab.dataset.tab));
  const among = changed.length > 0 ? changed : tabs;
  const plays = among.filter((tab) => tab.dataset.play);
  const first = plays.find((tab) => tab.dataset.problem === undefined) ?? plays[0] ?? among[0];
  openTab(first?.dataset.tab ?? "package");
  if (first?.dataset.tab === undefined) room.tab = "";   // look again when something has been read
}

export async function openTab(tab) {
  const pane = $("#work");
  if (room.tab !== tab) {
    room.scrolled.set(room.tab, pane.scrollTop);
    room.tab = tab;
    paintTabs();
    showPlayer(tab);
  }
  if (tab !== "package") await loadText(tab);
  if (room.tab !== tab) return;
  $$("[data-text]").forEach((text) => { text.hidden = text.dataset.text !== tab; });
  pane.scrollTop = room.scrolled.get(tab) ?? 0;
  paintMarks();
}

/* Bring the open text up to date with the element, its marks and the work itself. */
export async function refreshText(anew = false) {
  if (anew) $$("[data-text]").forEach((text) => { delete text.dataset.version; });
  if (room.tab in room.texts) await loadText(room.tab);
  paintTabs();
  paintMarks();
}

async function loadText(tab) {
  let place = $(`[data-text="${tab}"]`);
  if (!place) {
    place = document.createElement("div");
    place.dataset.text = tab;
    place.hidden = true;
    $("[data-reading]").appendChild(place);
  }
  const asked = new URLSearchParams();
  if (room.element) asked.set("element", room.element);
  if (room.hit.startsWith(`${tab}:`)) asked.set("hit", room.hit.split(":")[1]);
  const version = `${room.texts[tab]} ${asked}`;
  if (place.dataset.version === version) return;
  const answer = await fetch(`/text/${at(room.id, tab)}?${asked}`, { cache: "no-cache" });
  if (!answer.ok) return;
  patch(place, await answer.text());
  place.dataset.version = version;
}

export function paintTabs() {
  $$("[data-tab]").forEach((tab) => {
    const same = room.same.includes(tab.dataset.tab);
    tab.classList.toggle("same", same);
    if (same) tab.title = "unchanged since the earlier attempt";
  });
  $$("[data-tab]").forEach((tab) => tab.setAttribute("aria-selected", String(tab.dataset.tab === room.tab)));
  const strip = $(".tabs");
  const open = $('[aria-selected="true"]', strip);
  if (!open) return;
  const start = open.offsetLeft - strip.offsetLeft;
  const end = start + open.offsetWidth;
  // From its first tab on, and no farther than the open one needs, with the edge of the next in sight.
  if (end <= strip.clientWidth) strip.scrollLeft = 0;
  else if (start < strip.scrollLeft || end > strip.scrollLeft + strip.clientWidth) strip.scrollLeft = end - strip.clientWidth + 24;
}

export function paintMarks() {
  $$("[data-reading] mark").forEach((mark) => {
    const cites = mark.dataset.cites.split(" ");
    mark.classList.toggle("mine", cites.some((one) => !one.startsWith("0-")));
    mark.classList.toggle("cited", cites.includes(room.cited));
  });
  $$(".citation").forEach((one) => one.classList.toggle("cited", (one.dataset.of ?? one.id.slice(2)) === room.cited));
}

/* ---- players ------------------------------------------------------------------------------ */

function showPlayer(tab) {
  const stage = $("[data-stage]");
  const kind = $(`[data-tab="${tab}"]`)?.dataset.play;
  room.players.forEach((player) => player.pause?.());
  stage.hidden = !kind;
  if (kind) {
    if (!room.players.has(tab)) room.players.set(tab, makePlayer(tab, kind));
    stage.replaceChildren(room.players.get(tab));
  }
  paintSpan();
}

function makePlayer(tab, kind) {
  const source = at(room.id, tab);
  return newPlayer(kind, `/media/${source}`, `/captions/${source}.vtt`, {
    onTime: (player) => follow(tab, player),
    onFail: (note) => { room.players.set(tab, note); paintSpan(); },
  });
}

export async function play(tab, seconds) {
  await openTab(tab);
  const player = room.players.get(tab);
  if (!player?.play) return;   // a document, or a recording that this browser cannot play
  player.currentTime = Math.max(0, seconds - LEAD_IN_S);
  player.play().catch(() => { /* the browser wants a click on the player itself */ });
}

export function playOrPause() {
  const player = room.players.get(room.tab);
  if (player?.paused) player.play().catch(() => {});
  else player?.pause?.();
}

function follow(tab, player) {
  if (room.tab !== tab) return;
  paintSpan();
  followLines($$(`[data-text="${tab}"] .line[data-t]`), player, room.touched);
}

export async function openPassage({ cite, artifact, t }) {
  room.cited = cite;
  room.touched = Date.now();
  if (t === undefined) await openTab(artifact);
  else await play(artifact, Number(t));
  paintMarks();
  const anchor = document.getElementById(`w-${cite}`);
  if (anchor) bring(anchor.nextElementSibling ?? anchor);
  if (t === undefined) showSheet("work");
}

/* A page's picture as wide as the pane, and back; the others stay as they are. */
export function enlarge(button) {
  const large = button.closest(".leaf").classList.toggle("large");
  button.setAttribute("aria-pressed", String(large));
  bring(button);
}

/* ---- search ---------------------------------------------------------------------------------- */

export function openSearch() {
  $("[data-search]").hidden = false;
  $("#search").focus({ preventScroll: true });
  $("#search").select();
}

export function closeSearch() {
  $("[data-search]").hidden = true;
}

async function search() {
  const words = $("#search").value;
  const answer = await fetch(`/search/${at(room.id)}?${new URLSearchParams({ q: words })}`);
  if (answer.ok && words === $("#search").value) patch($("[data-hits]"), await answer.text());
}

export async function openHit({ hit, artifact, t }) {
  room.hit = `${artifact}:${hit}`;
  await openPassage({ cite: "0-1", artifact, t });
}

/* ---- sheets of a phone --------------------------------------------------------------------------- */

export function showSheet(name) {
  $("#panes").scrollTo({ left: name === "work" ? 0 : $("#panes").scrollWidth });
}

export function markSheet() {
  const panes = $("#panes");
  const name = panes.scrollLeft > panes.clientWidth / 2 ? "element" : "work";
  $$("[data-sheet]").forEach((button) => button.setAttribute("aria-pressed", String(button.dataset.sheet === name)));
}
