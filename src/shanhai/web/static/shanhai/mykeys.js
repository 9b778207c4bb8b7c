/* Marks which of the officer's keys this browser holds; the server cannot know. */
import { listKeys } from "../signing/sign.js";

const held = new Set((await listKeys()).map(({ kid }) => kid));
for (const item of document.querySelectorAll("[data-kid]")) {
  item.querySelector("[data-here]").hidden = !held.has(item.dataset.kid);
}
