/* The recordings of a work to practise on: one at a time on the stage, its line marked while it plays.
 *
 * Invariant: a player is made once and stays while tags come and go; a line that is selected is not played. */

import { LEAD_IN_S, followLines, newPlayer } from "./player.js";
import { $, $$ } from "./watch.js";
import { at } from "./work.js";

const players = new Map();
let shown = "";
let touched = 0;              // when the reader last scrolled or typed in the work

export function listenToRecordings() {
  for (const event of ["wheel", "touchmove", "keydown"]) {
    $("#work").addEventListener(event, () => { touched = Date.now(); }, { passive: true });
  }
}

/* Put the first recording on the stage, where there is any and none is shown yet. */
export function showFirst(sitting) {
  const first = $("[data-plays]");
  if (first && !shown) show(sitting, first.dataset.artifactText);
}

export function show(sitting, artifact) {
  players.get(shown)?.pause?.();
  shown = artifact;
  if (!players.has(artifact)) players.set(artifact, make(sitting, artifact));
  $("[data-stage]").replaceChildren(players.get(artifact));
  $("[data-stage]").hidden = false;
}

function make(sitting, artifact) {
  const { plays } = section(artifact).dataset;
  const source = at(sitting, artifact);
  return newPlayer(plays, `/training/media/${source}`, `/training/captions/${source}.vtt`, {
    onTime: (player) => { if (shown === artifact) follow(player); },
    onFail: (note) => players.set(artifact, note),
  });
}

const section = (artifact) => $(`[data-artifact-text="${artifact}"]`);

function follow(player) {
  followLines($$(".line[data-t]", section(shown)), player, touched);
}

export const plays = () => shown !== "";

/* Play from a line that was clicked. */
export function playLine(sitting, line) {
  const artifact = line.closest("[data-plays]").dataset.artifactText;
  if (artifact !== shown) show(sitting, artifact);
  const player = players.get(artifact);
  if (!player.play) return;   // this browser cannot play it
  touched = Date.now();
  player.currentTime = Math.max(0, Number(line.dataset.t) - LEAD_IN_S);
  player.play().catch(() => { /* the browser wants a click on the player itself */ });
}

export function playOrPause() {
  const player = players.get(shown);
  if (player?.paused) player.play().catch(() => {});
  else player?.pause?.();
}

/* After the texts were drawn anew: mark the line again. */
export function mark() {
  const player = players.get(shown);
  if (player?.currentTime > 0) follow(player);
}
