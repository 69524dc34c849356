/* What a person did, on its way to the server: in order, kept until it is acknowledged.
 *
 * Invariant: an act leaves the outbox only when the server answered it. A lost connection or a reload
 * loses nothing; a refusal (stale window, no permission) is told and not tried again. */

import { $ } from "./watch.js";

const KEY = "reviewer-outbox";
const AGAIN_MS = 2500;

let acts = [];
let sending = false;
let told = () => {};

export function openOutbox(refused) {
  told = refused;
  try { acts = JSON.parse(localStorage.getItem(KEY)) ?? []; } catch { acts = []; }
  flush();
}

/* Send one act; resolves with the answer's JSON, or null where it was refused. */
export function send(method, path, body) {
  return new Promise((resolve) => {
    acts.push({ method, path, body, resolve });
    keep();
    flush();
  });
}

export const pending = () => acts.length > 0;

function keep() {
  localStorage.setItem(KEY, JSON.stringify(acts.map(({ method, path, body }) => ({ method, path, body }))));
  const place = $("[data-saved]");
  if (!place) return;
  if (acts.length > 0) place.textContent = "saving …";
  else place.textContent = `saved ${new Date().toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" })}`;
}

async function flush() {
  if (sending) return;
  sending = true;
  while (acts.length > 0) {
    const act = acts[0];
    let answer;
    try {
      answer = await fetch(act.path, {
        method: act.method,
        headers: { "Content-Type": "application/json", "X-Reviewer": "page" },
        body: act.body === undefined ? undefined : JSON.stringify(act.body),
      });
      if (answer.status >= 500) throw new Error(answer.status);
    } catch {
      $(".lost").hidden = false;
      await new Promise((resolve) => setTimeout(resolve, AGAIN_MS));
      continue;
    }
    $(".lost").hidden = true;
    const said = await answer.json().catch(() => ({}));
    acts.shift();
    keep();
    if (answer.status === 401) { location.assign("/sign-in"); return; }
    if (!answer.ok) told(said.error ?? "This could not be kept.");
    act.resolve?.(answer.ok ? said : null);
  }
  sending = false;
}
