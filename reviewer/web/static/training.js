/* The page of training sets: where one stands, beginning an attempt, what keepers and issuers do.
 *
 * Invariant: the page shows what the server renders; a refusal is told in its own sentence. */

import { $, look, patch, watch } from "./watch.js";

export function openTraining() {
  document.addEventListener("click", onClick);
  document.addEventListener("change", onChange);
  document.addEventListener("submit", onSubmit);
  watch("/training/hall", (state) => {
    for (const [key, html] of Object.entries(state.parts)) patch($(`[data-part="${key}"]`), html);
  });
}

async function call(method, path, body) {
  const answer = await fetch(`/api/v1/training/${path}`, {
    method,
    headers: { "Content-Type": "application/json", "X-Reviewer": "page" },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  const said = await answer.json().catch(() => ({}));
  say(answer.ok ? "" : said.error ?? "This could not be done.");
  return answer.ok ? said : null;
}

function say(sentence) {
  const place = $("[data-message]");
  place.textContent = sentence;
  place.hidden = !sentence;
}

async function onClick(event) {
  const begin = event.target.closest("[data-begin]");
  if (begin && await call("POST", `sets/${encodeURIComponent(begin.dataset.begin)}/attempts`)) look();
  const names = event.target.closest("[data-names]");
  if (names) await findNames(names.closest("form"));
}

async function findNames(form) {
  const asked = new URLSearchParams({ submission: $("#anchor").value.trim() });
  const found = await call("GET", `sets/${encodeURIComponent($("#anchor-set").value)}/names?${asked}`);
  if (!found) return;
  $("#anchor-names").value = found.names.join("\n");
  $("[data-names-place]", form).hidden = false;
}

async function onChange(event) {
  const asked = event.target.closest("[data-ask]");
  if (!asked) return;
  const kept = await call("PUT", `requirements/${encodeURIComponent(asked.dataset.ask)}`, { asked_for: asked.checked });
  if (!kept) asked.checked = !asked.checked;
}

async function onSubmit(event) {
  const form = event.target.closest("[data-new-set], [data-anchor], [data-rules]");
  if (!form) return;
  event.preventDefault();
  if (await keep(form)) look();
}

function keep(form) {
  if (form.dataset.rules) return keepRules(form.dataset.rules, $("textarea", form).value);
  if ("newSet" in form.dataset) return call("POST", "sets", { credential: $("#new-credential").value, title: $("#new-title").value });
  return call("POST", `sets/${encodeURIComponent($("#anchor-set").value)}/anchors`, {
    submission: $("#anchor").value.trim(),
    part: $("#anchor-part").value,
    recordings: $("#anchor-recordings").checked,
    names: $("#anchor-names").value.split("\n").map((one) => one.trim()).filter(Boolean),
  });
}

function keepRules(set, text) {
  let rules;
  try { rules = JSON.parse(text); } catch (error) { return say(`The rules are no JSON: ${error.message}.`); }
  return call("PUT", `sets/${encodeURIComponent(set)}/rules`, rules);
}
