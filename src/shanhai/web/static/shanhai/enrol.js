/* Makes a key in this browser, has the offer's bytes made, signs them with the key and submits them.
 * The private key never leaves the browser and cannot be exported. */

import { createKey, fromBase64url, sign, signedBytes, toBase64url } from "../signing/sign.js";

const english = document.documentElement.lang.startsWith("en");
const say = (zh, en) => (english ? en : zh);

async function post(url, csrf, body, type = "application/json") {
  const answer = await fetch(url, {
    method: "POST",
    credentials: "same-origin",
    headers: { "Content-Type": type, Accept: "application/json", "X-CSRFToken": csrf },
    body,
  });
  const data = await answer.json().catch(() => ({}));
  if (!answer.ok) throw new Error(say(data.zh, data.en) || say("服务器没有说明原因，请重试", "The server gave no reason; try again"));
  return data;
}

async function enrol(config, kind, tell) {
  tell(say("正在本浏览器生成密钥……", "Making a key in this browser…"));
  const options = { rp: config.rp, user: { id: config.user, name: config.user, displayName: config.user } };
  const key = await createKey(kind, options);
  tell(say("正在用新密钥签名……", "Signing with the new key…"));
  const asked = JSON.stringify({ alg: key.alg, public: key.publicKey, kid: key.kid });
  const { body } = await post(config.offer, config.csrf, asked);
  const raw = fromBase64url(body);
  const [block] = await sign(key.kid, [signedBytes(config.ledger, key.alg, key.kid, raw)]);
  await post(config.submit, config.csrf, JSON.stringify({ body: toBase64url(raw), signature: block }));
  if (!config.confirm) {
    tell(say("密钥已提交，等待登记员确认。", "The key is offered; a registrar will confirm it."));
    return;
  }
  tell(say("正在登记……", "Registering…"));
  const form = new URLSearchParams({ kid: key.kid });
  const { next } = await post(config.confirm, config.csrf, form, "application/x-www-form-urlencoded");
  tell(say("密钥已登记到账本。", "The key is registered on the ledger."));
  location.assign(next);
}

const root = document.querySelector("[data-enrol]");
const config = JSON.parse(root.querySelector("script").textContent);
const status = root.querySelector("[data-enrol-status]");
const tell = (words) => {
  status.textContent = words;
};
for (const button of root.querySelectorAll("[data-enrol-kind]")) {
  button.addEventListener("click", async () => {
    button.disabled = true;
    try {
      await enrol(config, button.dataset.enrolKind, tell);
    } catch (error) {
      tell(error.message || say("没有成功，请重试", "It did not work; try again"));
      button.disabled = false;
    }
  });
}
root.dataset.ready = "";
