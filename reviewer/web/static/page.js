/* Fills the rooms that pages.py builds, and keeps them current.
 *
 * Invariant: markup comes from this server's own templates, which escape what candidates wrote;
 * here only places, times and visibility change. A part is replaced only if its text changed. */

const LEAD_IN_S = 2;          // a citation plays from two seconds before its first word
const BUSY_MS = 1500;         // between looks while a first pass is running
const IDLE_MS = 15000;        // and when nothing is
const QUIET_MS = 4000;        // after the reader scrolled, the transcript does not follow

const $ = (selector, root = document) => root.querySelector(selector);
const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];

/* ---- looking at the server ------------------------------------------------------------ */

async function watch(url, apply) {
  let tag = null;
  for (;;) {
    let pause = IDLE_MS;
    try {
      const answer = await fetch(url, { cache: "no-cache" });
      if (!answer.ok) throw new Error(answer.status);
      const state = await answer.json();
      if (answer.headers.get("etag") !== tag) apply(state);
      tag = answer.headers.get("etag");
      if (state.running) pause = BUSY_MS;
      $(".lost").hidden = true;
    } catch {
      $(".lost").hidden = false;
      pause = 2 * BUSY_MS;
    }
    await new Promise((resolve) => setTimeout(resolve, pause));
    while (document.hidden) {
      await new Promise((resolve) => document.addEventListener("visibilitychange", resolve, { once: true }));
    }
  }
}

const shown = new WeakMap();

function patch(place, html) {
  if (!place || shown.get(place) === html) return;
  shown.set(place, html);
  const focused = place.contains(document.activeElement) ? document.activeElement.id : "";
  place.innerHTML = html;
  if (focused) document.getElementById(focused)?.focus({ preventScroll: true });
}

/* ---- the list of submissions ------------------------------------------------------------ */

export function openHall() {
  watch("/live", ({ order, parts }) => {
    const rows = $("[data-rows]");
    $$("tr", rows).filter((row) => !order.includes(row.dataset.id)).forEach((row) => row.remove());
    order.forEach((id, index) => {
      let row = $$("tr", rows).find((one) => one.dataset.id === id);
      if (!row) {
        row = document.createElement("tr");
        row.dataset.id = id;
      }
      if (rows.children[index] !== row) rows.insertBefore(row, rows.children[index] ?? null);
      patch(row, parts[`row:${id}`]);
    });
    $("[data-empty]").hidden = order.length > 0;
    $(".submissions").hidden = order.length === 0;
  });
}

/* ---- one submission --------------------------------------------------------------------- */

const room = { id: "", tab: "", element: 1, cited: "", texts: {}, players: new Map(), scrolled: new Map(), touched: 0 };

export async function openRoom() {
  room.id = new URLSearchParams(location.search).get("id");
  // Gradio renders its components one after the other: wait until the last wall stands.
  while (!["tabs", "title", "progress", "elements", "package"].every((name) => $(`[data-part="${name}"]`))) {
    await new Promise(requestAnimationFrame);
  }
  document.addEventListener("click", onClick);
  for (const event of ["wheel", "touchmove", "keydown"]) {
    $("#work").addEventListener(event, () => { room.touched = Date.now(); }, { passive: true });
  }
  $("#panes").addEventListener("scroll", markSheet, { passive: true });
  markSheet();
  watch(`/live/${encodeURIComponent(room.id)}`, (state) => {
    document.title = state.title;
    room.texts = state.texts;
    for (const [key, html] of Object.entries(state.parts)) patch(partPlace(key), html);
    $("[data-loading]")?.remove();
    if (!room.tab) openFirst();
    else refresh();
    selectElement(room.element);
  });
}

function partPlace(key) {
  const place = $(`[data-part="${key}"]`);
  if (place || !key.startsWith("element:")) return place;
  const card = document.createElement("article");
  card.dataset.part = key;
  card.hidden = true;
  return $("[data-cards]").appendChild(card);
}

function openFirst() {
  const wanted = /^#w-(\d+)-\d+$/.exec(location.hash);
  const first = $("[data-tab][data-play]") ?? $$("[data-tab]").find((tab) => room.texts[tab.dataset.tab]);
  openTab(first?.dataset.tab ?? "package");
  if (first?.dataset.tab === undefined) room.tab = "";   // look again when something has been read
  const link = wanted && $(`[data-cite="${location.hash.slice(3)}"]`);
  if (link) { room.element = Number(wanted[1]); openCitation(link); }
}

async function refresh() {
  if (room.tab in room.texts) await loadText(room.tab);
  paintTabs();
  paintMarks();
}

/* ---- the work ------------------------------------------------------------------------- */

async function openTab(tab) {
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

async function loadText(tab) {
  let place = $(`[data-text="${tab}"]`);
  if (!place) {
    place = document.createElement("div");
    place.dataset.text = tab;
    place.hidden = true;
    $("[data-reading]").appendChild(place);
  }
  const version = room.texts[tab];
  if (place.dataset.version === version) return;
  const answer = await fetch(`/live/${encodeURIComponent(room.id)}/${tab}`, { cache: "no-cache" });
  if (!answer.ok) return;
  patch(place, await answer.text());
  place.dataset.version = version;
}

function showPlayer(tab) {
  const stage = $("[data-stage]");
  const kind = $(`[data-tab="${tab}"]`)?.dataset.play;
  room.players.forEach((player) => player.pause?.());
  stage.hidden = !kind;
  if (!kind) return;
  if (!room.players.has(tab)) room.players.set(tab, makePlayer(tab, kind));
  stage.replaceChildren(room.players.get(tab));
}

function makePlayer(tab, kind) {
  const player = document.createElement(kind === "video" ? "video" : "audio");
  player.controls = true;
  player.playsInline = true;
  player.preload = "metadata";
  player.src = `/media/${encodeURIComponent(room.id)}/${tab}`;
  player.addEventListener("timeupdate", () => follow(tab, player));
  player.addEventListener("error", () => {
    const note = document.createElement("p");
    note.append("This browser cannot play the recording. Its words are below; ");
    const link = document.createElement("a");
    link.href = player.src;
    link.download = "";
    link.textContent = "download it";
    note.append(link, " to watch it in a player.");
    room.players.set(tab, note);
    player.replaceWith(note);
  });
  return player;
}

async function play(tab, seconds) {
  await openTab(tab);
  const player = room.players.get(tab);
  if (!player?.play) return;   // a document, or a recording that this browser cannot play
  player.currentTime = Math.max(0, seconds - LEAD_IN_S);
  player.play().catch(() => { /* the browser wants a click on the player itself */ });
}

function follow(tab, player) {
  if (room.tab !== tab) return;
  const lines = $$(`[data-text="${tab}"] .line[data-t]`);
  const now = lines.findLast((line) => Number(line.dataset.t) <= player.currentTime);
  lines.forEach((line) => line.classList.toggle("now", line === now));
  if (now && !player.paused && Date.now() - room.touched > QUIET_MS) {
    const pane = $("#work").getBoundingClientRect();
    const place = now.getBoundingClientRect();
    if (place.top < pane.top || place.bottom > pane.bottom) bring(now);
  }
}

/* Scrolls the pane of `target` alone, never the page. */
function bring(target) {
  const pane = target.closest("#work, #element");
  const offset = target.getBoundingClientRect().top - pane.getBoundingClientRect().top;
  pane.scrollTop += offset - pane.clientHeight * 0.3;
}

/* ---- elements and citations --------------------------------------------------------------- */

function selectElement(number) {
  if (room.element !== number) { room.element = number; $("#element").scrollTop = 0; }
  $$("[data-element]").forEach((button) => {
    button.setAttribute("aria-current", String(Number(button.dataset.element) === number));
  });
  $$("[data-cards] > article").forEach((card) => { card.hidden = card.dataset.part !== `element:${number}`; });
  paintMarks();
}

async function openCitation(link) {
  const { cite, artifact, t } = link.dataset;
  room.cited = cite;
  room.touched = Date.now();
  if (t === undefined) await openTab(artifact);
  else await play(artifact, Number(t));
  paintMarks();
  const anchor = document.getElementById(`w-${cite}`);
  if (anchor) bring(anchor.nextElementSibling ?? anchor);
  if (t === undefined) showSheet("work");
}

function paintTabs() {
  $$("[data-tab]").forEach((tab) => tab.setAttribute("aria-selected", String(tab.dataset.tab === room.tab)));
  const strip = $(".tabs");
  const open = $('[aria-selected="true"]', strip);
  if (open) strip.scrollLeft = open.offsetLeft - strip.offsetLeft - (strip.clientWidth - open.offsetWidth) / 2;
}

function paintMarks() {
  $$("[data-reading] mark").forEach((mark) => {
    const cites = mark.dataset.cites.split(" ");
    mark.classList.toggle("mine", cites.some((one) => one.startsWith(`${room.element}-`)));
    mark.classList.toggle("cited", cites.includes(room.cited));
  });
  $$(".citation").forEach((one) => one.classList.toggle("cited", one.id === `c-${room.cited}`));
}

/* ---- sheets of a phone, and clicks ---------------------------------------------------------- */

function showSheet(name) {
  $("#panes").scrollTo({ left: name === "work" ? 0 : $("#panes").scrollWidth });
}

function markSheet() {
  const panes = $("#panes");
  const name = panes.scrollLeft > panes.clientWidth / 2 ? "element" : "work";
  $$("[data-sheet]").forEach((button) => button.setAttribute("aria-pressed", String(button.dataset.sheet === name)));
}

function onClick(event) {
  const at = (selector) => event.target.closest(selector);
  const link = at("[data-cite]") ?? at("[data-open]");
  if (link) event.preventDefault();
  if (at("[data-cite]")) openCitation(link);
  else if (at("[data-open]")) openTab(link.dataset.open);
  else if (at("[data-tab]")) { openTab(at("[data-tab]").dataset.tab); showSheet("work"); }
  else if (at("[data-element]")) { selectElement(Number(at("[data-element]").dataset.element)); showSheet("element"); }
  else if (at("[data-sheet]")) showSheet(at("[data-sheet]").dataset.sheet);
  else if (at(".line[data-t]") && getSelection().isCollapsed) play(room.tab, Number(at(".line").dataset.t));
}
