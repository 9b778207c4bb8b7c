/* Marks which of the officer's keys this browser holds, and takes a founder's key in; the server cannot do either. */
import { adoptSeed, listKeys } from "../signing/sign.js";

const held = new Set((await listKeys()).map(({ kid }) => kid));

function mark(item) {
  const here = held.has(item.dataset.kid);
  item.querySelector("[data-here]").hidden = !here;
  const box = item.querySelector("[data-adopt]");
  if (box) box.hidden = here;
}

async function adopt(item, file) {
  const said = item.querySelector("[data-adopt-said]");
  try {
    held.add(await adoptSeed(await file.text(), item.dataset.public));
    said.textContent = "";
  } catch {
    said.textContent = said.dataset.adoptSaid;
  }
  mark(item);
}

for (const item of document.querySelectorAll("[data-kid]")) {
  mark(item);
  const input = item.querySelector("[data-adopt] input");
  input?.addEventListener("change", () => input.files[0] && adopt(item, input.files[0]));
}
