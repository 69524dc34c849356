/* Small tools of all scripts: finding places, replacing parts, asking the server again and again.
 *
 * Invariant: a part is replaced only if its text changed, and what had the focus keeps it. */

export const BUSY_MS = 1500;         // between looks while a first pass is running
const IDLE_MS = 15000;               // and when nothing is

export const $ = (selector, root = document) => root.querySelector(selector);
export const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];

/* Tell the person a sentence; the empty one takes the last back. */
export function say(sentence) {
  const place = $("[data-message]");
  place.textContent = sentence;
  place.hidden = !sentence;
}

const bells = new Set();

/* Ask all watched addresses again now. */
export function look() {
  bells.forEach((ring) => ring());
}

export async function watch(url, apply) {
  let tag = null;
  for (;;) {
    let pause = IDLE_MS;
    try {
      const answer = await fetch(url, { cache: "no-cache", headers: { Accept: "application/json" } });
      if (answer.status === 401) { location.assign("/sign-in"); return; }
      if (answer.status >= 500) throw new Error(answer.status);
      $(".lost").hidden = true;
      if (answer.ok) {   // what one may not see any more is no lost connection, and may come back
        const state = await answer.json();
        if (answer.headers.get("etag") !== tag) apply(state);
        tag = answer.headers.get("etag");
        if (state.running) pause = BUSY_MS;
      }
    } catch {
      $(".lost").hidden = false;
      pause = 2 * BUSY_MS;
    }
    await new Promise((resolve) => {
      const ring = () => { bells.delete(ring); resolve(); };
      bells.add(ring);
      setTimeout(ring, pause);
    });
    while (document.hidden) {
      await new Promise((resolve) => document.addEventListener("visibilitychange", resolve, { once: true }));
    }
  }
}

let turn = Promise.resolve();

/* Run acts one after the other: a key pressed while the last one is still on its way waits for it. */
export function inTurn(act) {
  turn = turn.then(act).catch((error) => console.error(error));
  return turn;
}

const shown = new WeakMap();

export function patch(place, html) {
  if (!place || shown.get(place) === html) return;
  shown.set(place, html);
  const focused = place.contains(document.activeElement) ? document.activeElement.id : "";
  place.innerHTML = html;
  if (focused) document.getElementById(focused)?.focus({ preventScroll: true });
}
