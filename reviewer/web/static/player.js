/* A recording: its player with captions, and the transcript that follows it.
 *
 * Invariant: a player moves no page and takes no focus; where the browser cannot play it, a sentence says so. */

import { $ } from "./watch.js";

export const LEAD_IN_S = 2;   // a passage plays from two seconds before its first word
const QUIET_MS = 4000;        // after the reader scrolled, the transcript does not follow

export function newPlayer(kind, media, captions, { onTime, onFail }) {
  const player = document.createElement(kind === "video" ? "video" : "audio");
  player.controls = true;
  player.playsInline = true;
  player.preload = "metadata";
  player.src = media;
  const track = document.createElement("track");   // loaded when somebody turns captions on
  Object.assign(track, { kind: "captions", label: "what was said", src: captions });
  player.append(track);
  player.addEventListener("timeupdate", () => onTime(player));
  player.addEventListener("error", () => {
    const note = document.createElement("p");
    note.append("This browser cannot play the recording. Its words are below; ");
    const link = document.createElement("a");
    link.href = player.src;
    link.download = "";
    link.textContent = "download it";
    note.append(link, " to watch it in a player.");
    player.replaceWith(note);
    onFail(note);
  });
  return player;
}

/* Mark the line that plays, and bring it into sight unless the reader scrolled at `touched`. */
export function followLines(lines, player, touched) {
  const now = lines.findLast((line) => Number(line.dataset.t) <= player.currentTime);
  lines.forEach((line) => line.classList.toggle("now", line === now));
  if (now && !player.paused && Date.now() - touched > QUIET_MS) {
    const pane = $("#work").getBoundingClientRect();
    const place = now.getBoundingClientRect();
    if (place.top < pane.top || place.bottom > pane.bottom) bring(now);
  }
}

/* Scrolls the pane of `target` alone, never the page; what stays on top of the pane covers nothing of it. */
export function bring(target) {
  const pane = target.closest("#work, #element");
  const covered = $(":scope .search:not([hidden]), :scope .elements", pane)?.offsetHeight ?? 0;
  const offset = target.getBoundingClientRect().top - pane.getBoundingClientRect().top;
  pane.scrollTop += offset - covered - (pane.clientHeight - covered) * 0.3;
}
