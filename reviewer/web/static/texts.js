/* Note and feedback of the element that is open: shown, and sent while they are typed.
 *
 * Invariant: a text is sent with the one that it began with; where another window kept a different one
 * meanwhile, the server keeps both, and this window shows both. */

import { send } from "./outbox.js";
import { here, review } from "./review.js";
import { $, say } from "./watch.js";

const TYPING_MS = 700;        // a text is sent when typing pauses
const NAMES = ["note", "feedback"];

const typing = {};
const begun = {};             // by address: the text that the server has, as far as is known here
let unsent = 0;

export function listenToTexts() {
  for (const name of NAMES) {
    $(`#${name}`).addEventListener("input", (event) => {
      event.target.dataset.dirty = "1";
      clearTimeout(typing[name]);
      typing[name] = setTimeout(() => save(name), TYPING_MS);
    });
    $(`#${name}`).addEventListener("blur", () => save(name));
  }
  window.addEventListener("pagehide", flushTexts);
}

export const flushTexts = () => Promise.all(NAMES.map(save));

/* Show what the server has, unless a person is at the field. */
export function fill(name, words, kept, anew) {
  const field = $(`#${name}`);
  const free = unsent === 0 && field !== document.activeElement && !field.dataset.dirty;
  if (!anew && !free) return;
  field.value = words;
  begun[here(name)] = kept;
  delete field.dataset.dirty;
}

async function save(name) {
  const field = $(`#${name}`);
  clearTimeout(typing[name]);
  if (!field.dataset.dirty || !review.card?.open) return;
  delete field.dataset.dirty;
  const [path, words] = [here(name), field.value];
  const body = { words, before: begun[path] };
  begun[path] = words;
  unsent += 1;
  const answer = await send("PUT", path, body);
  unsent -= 1;
  if (!answer || answer.words === words) return;
  begun[path] = answer.words;
  say("Another window wrote here too; both texts are kept.");
  if (path === here(name)) field.value = answer.words.slice(0, answer.words.length - words.length) + field.value;
}
