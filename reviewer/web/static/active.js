/* Active time: seconds in which an element is visible and its rater not idle.
 *
 * Invariant: time is counted for the element that is open, and sent before another one is. */

import { here, review } from "./review.js";
import { room } from "./work.js";

const IDLE_S = 30;            // without a key, a click or a scroll for so long, nobody is reading
const FLUSH_S = 15;           // it is sent in pieces

const time = { seconds: 0, touched: Date.now() };

export function countTime() {
  for (const name of ["keydown", "pointerdown", "pointermove", "wheel"]) {
    document.addEventListener(name, () => { time.touched = Date.now(); }, { passive: true });
  }
  setInterval(() => {
    const playing = [...room.players.values()].some((player) => player.paused === false);
    const active = !document.hidden && (playing || Date.now() - time.touched < IDLE_S * 1000);
    if (active && review.card?.open) time.seconds += 1;
    if (time.seconds >= FLUSH_S) flushTime();
  }, 1000);
  window.addEventListener("pagehide", flushTime);
}

export async function flushTime() {
  if (time.seconds === 0 || !review.card?.open) return;
  const seconds = time.seconds;
  time.seconds = 0;
  try {
    await fetch(here("time"), {
      method: "POST",
      keepalive: true,
      headers: { "Content-Type": "application/json", "X-Reviewer": "page" },
      body: JSON.stringify({ seconds }),
    });
  } catch { time.seconds += seconds; }
}
