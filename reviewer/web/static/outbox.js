/* What a person did, on its way to the server: in order, kept until it is acknowledged.
 *
 * Invariant: an act leaves the outbox only when the server answered it, and for the person who did it.
 * A lost connection, a reload, a closed window or an ended sign-in loses nothing; a refusal (stale
 * window, no permission) is told and not tried again.
 *
 * Each window keeps its acts under a name of its own and holds the lock of that name while it lives;
 * what is left under the name of a window that is gone is taken over by another, now or later. */

import { $, look } from "./watch.js";

const PREFIX = "reviewer-outbox:";
const AGAIN_MS = 2500;

const mine = PREFIX + crypto.randomUUID();
let person = "";
let acts = [];
let sending = false;
let told = () => {};

export function openOutbox(name, refused) {
  person = name;
  told = refused;
  navigator.locks.request(mine, () => new Promise(() => {}));   // until this window is gone
  Object.keys(localStorage).forEach(inherit);
  window.addEventListener("storage", (event) => inherit(event.key));
}

const known = new Set([mine]);

function inherit(key) {
  if (!key?.startsWith(PREFIX) || known.has(key)) return;
  known.add(key);
  navigator.locks.request(key, () => takeOver(key));   // waits until its window is gone
}

function takeOver(key) {
  const left = JSON.parse(localStorage.getItem(key) ?? "{}");
  if (left.person !== person) return;   // another person's: theirs to send
  acts.push(...left.acts);
  keep();
  localStorage.removeItem(key);
  flush().then(look);
}

/* Send one act; resolves with the answer's JSON, or null where it was refused. */
export function send(method, path, body) {
  return new Promise((resolve) => {
    acts.push({ method, path, body, resolve });
    keep();
    flush();
  });
}

function keep(stored = true) {
  const plain = acts.map(({ method, path, body }) => ({ method, path, body }));
  if (plain.length > 0) localStorage.setItem(mine, JSON.stringify({ person, acts: plain }));
  else localStorage.removeItem(mine);
  const place = $("[data-saved]");
  if (!place) return;
  if (acts.length > 0) place.textContent = "saving …";
  else if (!stored) place.textContent = "not saved";
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
    if (answer.status === 401) { location.assign("/sign-in"); return; }   // sent after signing in
    const said = await answer.json().catch(() => ({}));
    acts.shift();
    keep(answer.ok);
    if (!answer.ok) told(said.error ?? "This could not be kept.");
    act.resolve?.(answer.ok ? said : null);
  }
  sending = false;
}
