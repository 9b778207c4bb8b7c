/* Makes the key that is to replace another of this browser, and hands its public half to the check page. */

import { createKey, listKeys } from "../signing/sign.js";

const root = document.querySelector("[data-rotate]");
const config = JSON.parse(root.querySelector("script").textContent);
const form = root.querySelector("form");
const buttons = [...root.querySelectorAll("[data-rotate-kind]")];
const status = root.querySelector("[data-rotate-status]");
const english = document.documentElement.lang.startsWith("en");

const able = (yes) => buttons.forEach((button) => (button.disabled = !yes));

async function make(kind) {
  able(false);
  const user = { id: config.user, name: config.user, displayName: config.user };
  try {
    const key = await createKey(kind, { rp: config.rp, user, suite: config.suite });
    form.elements.namedItem("alg").value = key.alg;
    form.elements.namedItem("public").value = key.publicKey;
    form.submit();
  } catch (error) {
    const words = english ? error.en : error.zh;
    status.textContent = words || (english ? "It did not work; try again" : "没有成功，请重试");
    able(true);
  }
}

const held = (await listKeys()).some(({ kid }) => kid === config.kid);
root.querySelector("[data-rotate-elsewhere]").hidden = held;
able(held);
for (const button of buttons) button.addEventListener("click", () => make(button.dataset.rotateKind));
root.dataset.ready = "";
