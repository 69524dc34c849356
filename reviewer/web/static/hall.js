/* The list of submissions: rows that follow the work, next by one key, handing in.
 *
 * Invariant: a file goes to this server alone, and its name is shown as text. */

import { openOutbox } from "./outbox.js";
import { $, $$, look, patch, say, watch } from "./watch.js";

let next = null;

/* Only the lines that hold every word of the filter are shown. */
function filter() {
  const words = $("#filter").value.toLowerCase().split(/\s+/);
  $$("[data-rows] tr").forEach((row) => {
    const text = row.textContent.toLowerCase();
    row.hidden = !words.every((word) => text.includes(word));
  });
}

/* ---- order: the server's (mine first, longest waiting), or by a column -------------------- */

let lines = [];      // rows in the server's order
const sorted = { column: null, down: false };
const collator = new Intl.Collator(undefined, { numeric: true, sensitivity: "base" });

/* The rows in the order that was chosen; equal ones stay as the server has them. */
function inOrder(rows) {
  if (sorted.column === null) return rows;
  const value = (row) => row.children[sorted.column]?.dataset.value ?? "";
  const way = sorted.down ? -1 : 1;
  return [...rows].sort((one, other) => way * collator.compare(value(one), value(other)));
}

function place(rows) {
  const body = $("[data-rows]");
  rows.forEach((row, index) => {
    if (body.children[index] !== row) body.insertBefore(row, body.children[index] ?? null);
  });
}

/* First up, then down, then as it came. */
function sortBy(button) {
  const column = button.closest("th").cellIndex;
  if (sorted.column !== column) Object.assign(sorted, { column, down: false });
  else if (!sorted.down) sorted.down = true;
  else sorted.column = null;
  $$(".submissions thead th").forEach((head) => {
    if (head.cellIndex === sorted.column) head.setAttribute("aria-sort", sorted.down ? "descending" : "ascending");
    else head.removeAttribute("aria-sort");
  });
  place(inOrder(lines));
}

export function openHall() {
  document.addEventListener("keydown", (event) => {
    if (event.key === "n" && next && !event.ctrlKey && !event.metaKey && !event.altKey && !event.target.closest("input, textarea, select")) {
      location.assign(`/submission?id=${encodeURIComponent(next)}`);
    }
  });
  openHandIn();
  $("#filter").addEventListener("input", filter);
  $$("[data-sort]").forEach((button) => button.addEventListener("click", () => sortBy(button)));
  $("[data-rows]").addEventListener("click", (event) => {
    const button = event.target.closest("[data-steer]");
    if (button) steer(button);
  });
  let person = "";
  watch("/live", (state) => {
    if (!person) openOutbox(state.person, say);
    else if (person !== state.person) { location.reload(); return; }   // somebody else signed in
    person = state.person;
    const { order, parts } = state;
    const rows = $("[data-rows]");
    $$("tr", rows).filter((row) => !order.includes(row.dataset.id)).forEach((row) => row.remove());
    lines = order.map((id) => {
      const row = $$("tr", rows).find((one) => one.dataset.id === id) ?? document.createElement("tr");
      row.dataset.id = id;
      patch(row, parts[`row:${id}`]);
      return row;
    });
    place(inOrder(lines));
    patch($('[data-part="who"]'), parts.who);
    next = state.next;
    $("[data-next]").hidden = !next;
    if (next) $("#next").href = `/submission?id=${encodeURIComponent(next)}`;
    $("[data-empty]").hidden = order.length > 0;
    $(".submissions").hidden = order.length === 0;
    filter();
  });
}

/* Pause, cancel or retry a first pass; the row says what came of it, the next look shows it. */
async function steer(button) {
  const { steer: what, submission } = button.dataset;
  const said = $("[data-steered]", button.closest("tr"));
  button.disabled = true;
  try {
    const answer = await fetch(`/api/v1/submissions/${encodeURIComponent(submission)}/first-pass`, {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-Reviewer": "page" },
      body: JSON.stringify({ do: what }),
    });
    if (!answer.ok) said.textContent = (await answer.json()).error;
  } catch {
    said.textContent = "The connection was lost; try again.";
  }
  button.disabled = false;
  look();
}

/* ---- handing in ------------------------------------------------------------------------- */

const chosen = [];   // [{file, slot}]
let credentials = [];

async function openHandIn() {
  const answer = await fetch("/api/v1/credentials");
  if (!answer.ok) return;
  credentials = (await answer.json()).credentials;
  if (credentials.length === 0) return;
  $("[data-hand-in]").hidden = false;
  const select = $("#up-credential");
  credentials.forEach((one) => select.add(new Option(one.title, one.id)));
  select.addEventListener("change", paintChosen);
  const drop = $("[data-drop]");
  for (const name of ["dragover", "drop"]) drop.addEventListener(name, (event) => event.preventDefault());
  drop.addEventListener("drop", (event) => add(event.dataTransfer.files));
  $("#up-files").addEventListener("change", (event) => { add(event.target.files); event.target.value = ""; });
  $("[data-upload]").addEventListener("submit", (event) => { event.preventDefault(); send(); });
}

/* Browsers write these signs otherwise in what they send, so that the part would not be found again. */
const nameOf = (file) => file.name.replace(/["\r\n]/g, "'");

function add(files) {
  const twice = [];
  for (const file of files) {
    if (chosen.some((one) => nameOf(one.file) === nameOf(file))) twice.push(file.name);
    else chosen.push({ file, slot: "" });
  }
  $("[data-said]").textContent = twice.map((name) => `${name} is chosen already; rename one of them if both are meant.`).join(" ");
  paintChosen();
}

function paintChosen() {
  const slots = credentials.find((one) => one.id === $("#up-credential").value)?.slots ?? [];
  $("[data-chosen]").replaceChildren(...chosen.map((one, index) => {
    const line = document.createElement("li");
    const name = document.createElement("bdi");
    name.textContent = one.file.name;
    const select = document.createElement("select");
    select.setAttribute("aria-label", `Part of ${one.file.name}`);
    select.add(new Option("by its kind", ""));
    slots.forEach((slot) => select.add(new Option(slot.title, slot.id)));
    select.value = slots.some((slot) => slot.id === one.slot) ? one.slot : "";
    select.addEventListener("change", () => { one.slot = select.value; });
    const away = document.createElement("button");
    away.type = "button";
    away.textContent = "remove";
    away.addEventListener("click", () => { chosen.splice(index, 1); paintChosen(); });
    line.append(name, " ", select, " ", away);
    return line;
  }));
}

/* What a proxy answers in our place is no JSON. */
function answerOf(request) {
  try { return JSON.parse(request.responseText); } catch {
    return { error: "The files were not taken; they may be too large for the way here. Ask who runs this server." };
  }
}

function send() {
  const form = new FormData();
  for (const name of ["credential", "candidate", "attempt"]) form.set(name, $(`#up-${name}`).value);
  form.set("consent", $("#up-consent").checked);
  form.set("slots", JSON.stringify(Object.fromEntries(chosen.map((one) => [nameOf(one.file), one.slot]))));
  chosen.forEach((one) => form.append("files", one.file, nameOf(one.file)));
  const request = new XMLHttpRequest();   // fetch cannot tell how much was sent
  const bar = $("[data-sent]");
  const said = $("[data-said]");
  bar.hidden = false;
  $("#up-send").disabled = true;   // until this one is answered
  request.addEventListener("loadend", () => { bar.hidden = true; $("#up-send").disabled = false; });
  request.upload.addEventListener("progress", (event) => { if (event.lengthComputable) bar.value = event.loaded / event.total; });
  request.addEventListener("error", () => { said.textContent = "The connection was lost; nothing was handed in. Try again."; });
  request.addEventListener("load", () => {
    const answer = answerOf(request);
    if (request.status !== 201) { said.textContent = answer.error; return; }
    const wrong = answer.completeness.filter((one) => one.kind !== "ok").map((one) => one.message);
    said.textContent = ["Handed in.", ...wrong].join(" ");
    chosen.length = 0;
    paintChosen();
    look();
  });
  request.open("POST", "/api/v1/submissions");
  request.setRequestHeader("X-Reviewer", "page");
  request.send(form);
}
