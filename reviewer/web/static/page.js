/* Fills the rooms that pages.py builds, and keeps them current.
 *
 * Invariant: markup comes from this server's own templates, which escape what candidates wrote;
 * the scripts change only places, times and visibility. */

export { openHall } from "./hall.js";
export { openPractice } from "./practice.js";
export { openRoom } from "./review.js";
export { openTraining } from "./training.js";
