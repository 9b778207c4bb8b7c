/* verify.html: checks proof files and whole logs from disk; nothing leaves the machine. */

import { english, fold, h, panel, say } from "./dom.js";
import { stopRunning, verifyOne } from "./filecheck.js";
import { report } from "./report.js";
import { adoptStyle } from "./style.js";
import { trustFields } from "./trustform.js";

const results = [];

function outcome({ name, result, error }) {
  const body = error
    ? panel("bad", say("无法核验", "Cannot be verified"), h("p", {}, say(error.zh, error.en)))
    : report(result);
  return h("section", {}, h("h2", { class: "vf-file" }, name), body);
}

async function verifyAll(files) {
  stopRunning();
  const slot = document.getElementById("vf-results");
  results.length = 0;
  for (const file of files) results.push(await verifyOne(file, slot));
  slot.replaceChildren(...results.map(outcome));
  slot.querySelector(".sh-panel")?.focus();
  document.body.dataset.ready = String(results.length);
}

function dropZone() {
  const input = h("input", {
    type: "file",
    multiple: true,
    class: "vf-hidden",
    id: "vf-file",
    onchange: () => verifyAll([...input.files]),
  });
  const zone = h(
    "label",
    { class: "vf-drop", for: "vf-file" },
    h("strong", {}, say("把文件拖到这里，或点此选择", "Drop files here, or choose them")),
    h(
      "span",
      { class: "vf-hint" },
      say(
        "证明文件（.tlog-proof）或全本日志（shanhai-log/1）",
        "A proof file (.tlog-proof) or a whole log (shanhai-log/1)",
      ),
    ),
    h("span", { class: "sh-button" }, say("选择文件", "Choose files")),
    input,
  );
  const over = (event, on) => {
    event.preventDefault();
    zone.classList.toggle("vf-over", on);
  };
  zone.addEventListener("dragover", (event) => over(event, true));
  zone.addEventListener("dragleave", (event) => over(event, false));
  zone.addEventListener("drop", (event) => {
    over(event, false);
    verifyAll([...event.dataTransfer.files]);
  });
  return zone;
}

function render() {
  const swap = () => {
    document.documentElement.lang = english() ? "zh-hans" : "en";
    render();
  };
  const head = h(
    "header",
    { class: "vf-head" },
    h(
      "div",
      { class: "vf-bar" },
      h("p", { class: "vf-name" }, say("山海 · 离线核验", "Shanhai · Offline verification")),
      h(
        "button",
        { type: "button", class: "vf-lang", lang: english() ? "zh-hans" : "en", onclick: swap },
        english() ? "中文" : "English",
      ),
    ),
  );
  const main = h(
    "main",
    { class: "vf-main" },
    h("h1", {}, say("核验一份证明，或一整本账", "Verify a proof, or a whole ledger")),
    h(
      "p",
      {},
      say(
        "本页在您的电脑上计算，不联网，不上传任何内容。",
        "This page computes on your own machine; it uses no network and sends nothing.",
      ),
    ),
    h(
      "div",
      { class: "vf-card" },
      fold(say("您信任谁（建议填写核验公钥）", "Whom you trust (give the verifier key)"), ...trustFields()),
    ),
    dropZone(),
    h("div", { id: "vf-results" }, ...results.map(outcome)),
  );
  document.body.replaceChildren(head, main);
}

adoptStyle();
render();
