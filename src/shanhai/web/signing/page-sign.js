/* <shanhai-sign>: shows acts from their bytes, signs them with this browser's key and submits them.
 * It holds one <script type="application/json"> with the configuration that README.md describes. */

import { asRefusal, refuse } from "./bytes.js";
import { readAct } from "./check.js";
import { h, panel, say, show } from "./dom.js";
import { actId, signedBytes } from "./entry.js";
import { sign } from "./keys.js";
import { ownKey } from "./ownkey.js";
import { proveAnswer } from "./prove.js";
import { acceptance, batchResult, refusal, unanswered } from "./results.js";
import { checkSeen } from "./seen.js";
import { Batch, assurance, single } from "./sheet.js";
import { adoptStyle } from "./style.js";
import { submit } from "./submit.js";
import { countdown } from "./values.js";

export { fromBase64url, toBase64url } from "./bytes.js";
export { signedBytes } from "./entry.js";
export { adoptSeed, createKey, listKeys, sign } from "./keys.js";

class SignPage extends HTMLElement {
  async connectedCallback() {
    adoptStyle();
    const config = JSON.parse(this.querySelector("script").textContent);
    this.config = config;
    this.ahead = Number.isSafeInteger(config.now_ms) ? config.now_ms - Date.now() : 0;
    try {
      await this.open();
    } catch (error) {
      this.fail(error);
    }
    this.dataset.ready = "";
  }

  disconnectedCallback() {
    clearInterval(this.timer);
  }

  fail(error) {
    const { zh, en } = asRefusal(error);
    show(this, panel("bad", say("不能签名", "Cannot be signed"), h("p", {}, say(zh, en))));
  }

  async open() {
    const { config } = this;
    if (config.suite === "sm") {
      refuse(
        "国密账不在网页中签名：请用 UKey 或单位服务器上的 SM2 密钥",
        "SM ledgers are never signed in a web page: use a UKey or your organisation's server-held SM2 key",
      );
    }
    this.items = await Promise.all(config.acts.map(readAct));
    for (const item of this.items) item.id = await actId(item.bytes);
    const seen = await checkSeen(
      config,
      this.items.map(({ body }) => body),
    );
    this.key = await ownKey(config, this.items);
    if (this.key) this.render(seen);
  }

  get left() {
    return Math.min(...this.items.map(({ body }) => body.not_after_ms)) - Date.now() - this.ahead;
  }

  render(seen) {
    this.batch = this.config.batch ? new Batch(this.items) : null;
    const passkey = this.key.alg === "webauthn-p256";
    this.button = h(
      "button",
      { type: "button", class: "sh-button sh-primary", onclick: () => this.press() },
      passkey
        ? say("验证本人并签名提交", "Verify yourself, sign and submit")
        : say("签名并提交", "Sign and submit"),
    );
    this.clock = h("span", { class: "sh-clock" });
    this.result = h("div", { class: "sh-result" });
    this.addEventListener("sh-chosen", () => this.tick());
    this.replaceChildren(
      this.batch ? this.batch.element() : single(this.items[0]),
      assurance(passkey, seen),
      h("div", { class: "sh-actions" }, this.button, this.clock),
      this.result,
    );
    this.timer = setInterval(() => this.tick(), 1000);
    this.tick();
  }

  tick() {
    const expired = this.left <= 0;
    if (this.done || expired) clearInterval(this.timer); // said once
    const words = expired ? say("已过有效期，请刷新页面", "Expired; reload the page") : countdown(this.left);
    this.clock.textContent = this.done ? "" : words;
    this.clock.setAttribute("role", expired ? "alert" : "timer");
    this.button.disabled =
      this.busy ||
      this.done ||
      (expired && !this.signed) ||
      (this.batch !== null && this.batch.chosen.length === 0);
  }

  async press() {
    this.busy = true;
    this.tick();
    try {
      this.signed ??= await this.sign();
      this.batch?.lock();
      await this.send();
    } catch (error) {
      const { zh, en } = asRefusal(error);
      const lost = error instanceof TypeError && this.signed;
      show(
        this.result,
        lost ? unanswered() : panel("bad", say("没有签名", "Not signed"), h("p", {}, say(zh, en))),
      );
    }
    this.busy = false;
    this.tick();
  }

  async sign() {
    const chosen = this.batch ? this.batch.chosen : this.items;
    const { kid, alg } = this.key;
    const blocks = await sign(
      kid,
      chosen.map(({ bytes, body }) => signedBytes(body.ledger, alg, kid, bytes)),
    );
    return chosen.map((item, i) => ({ ...item, block: blocks[i] }));
  }

  async send() {
    const answer = await submit(this.config, this.signed);
    this.done = answer.ok || answer.status < 500;
    const prove = (text) => proveAnswer(text, this.config, this.signed[0].id);
    const view = answer.ok
      ? this.batch
        ? batchResult(this.config, answer, this.signed)
        : await acceptance(this.config, answer, prove)
      : refusal(this.config, answer);
    show(this.result, view);
    this.dispatchEvent(new CustomEvent("shanhai-answered", { bubbles: true, detail: answer }));
  }
}

customElements.define("shanhai-sign", SignPage);
