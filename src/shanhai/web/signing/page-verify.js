/* verify.html: checks proof files and whole logs from disk; nothing leaves the machine. */

import { asRefusal, toHex, utf8 } from "./bytes.js";
import { english, fold, h, panel, say } from "./dom.js";
import { isLog, verifyLog } from "./logfile.js";
import { parseCheckpoint } from "./note.js";
import { proveFile } from "./prove.js";
import { report } from "./report.js";
import { adoptStyle } from "./style.js";

const FIELDS = [
  ["vkey", "input", ["账本的核验公钥", "The ledger's verifier key"], ["一行，形如 名称+8位+公钥；请从公告、盖章件或 /ledger/vkey 取得", "One line, name+8 digits+key; take it from a printed notice or /ledger/vkey"]],
  ["ledger", "input", ["账本编号", "Ledger id"], ["64 位十六进制，可不填", "64 hex digits, optional"]],
  ["witnesses", "textarea", ["见证单位的公钥", "Witnesses' keys"], ["每行一把，可不填", "One a line, optional"]],
  ["anchor", "textarea", ["另存或打印的检查点", "A checkpoint kept or printed elsewhere"], ["粘贴检查点全文，或“条数 根（十六进制）”，可不填", "Paste the checkpoint, or “size root-in-hex”, optional"]],
  ["web", "input", ["登记的网址", "Registered address"], ["用于比对通行密钥，形如 https://例.gov.cn，可不填", "Compared with passkeys, such as https://name.gov.cn, optional"]],
];
const values = {};
const results = [];
let running = null;

function field([name, tag, label, hint]) {
  const id = `vf-${name}`;
  const input = h(tag, { id, name, rows: tag === "textarea" ? 3 : null, spellcheck: "false", autocomplete: "off", "aria-describedby": `${id}-hint`, oninput: () => { values[name] = input.value; } });
  input.value = values[name] ?? "";
  return h("div", { class: "vf-field" }, h("label", { for: id }, say(...label)), h("p", { class: "vf-hint", id: `${id}-hint` }, say(...hint)), input);
}

function readAnchor(text) {
  const [, size, root] = /^([0-9]+)\s+([0-9a-f]{64})$/.exec(text) ?? [];
  if (size) return { size: Number(size), root };
  const note = parseCheckpoint(utf8(`${text}\n`));
  return { size: note.size, root: toHex(note.root) };
}

/** What the reader trusts, from the form. */
function readTrust() {
  const text = (name) => (values[name] ?? "").trim();
  const trust = { vkey: text("vkey"), ledger: text("ledger"), witnesses: text("witnesses").split(/\s+/).filter(Boolean) };
  if (text("anchor")) trust.anchor = readAnchor(text("anchor"));
  if (text("web")) trust.web = { rp_id: new URL(text("web")).hostname, origins: [new URL(text("web")).origin] };
  return trust;
}

function progressBar(name, controller) {
  const bar = h("progress", { max: 1, value: 0, "aria-label": say("进度", "Progress") });
  const line = h("span", { role: "status" }, name);
  const stop = h("button", { type: "button", class: "sh-button", onclick: () => controller.abort() }, say("取消", "Cancel"));
  const progress = (read, size, entries) => {
    bar.value = read / size;
    line.textContent = say(`${name}：已核对 ${entries} 条`, `${name}: ${entries} entries checked`);
  };
  return { element: h("div", { class: "vf-card vf-progress" }, line, bar, stop), progress };
}

async function verifyOne(file, slot) {
  const controller = new AbortController();
  running = controller;
  const bar = progressBar(file.name, controller);
  slot.replaceChildren(bar.element);
  try {
    const trust = readTrust();
    const result = (await isLog(file))
      ? await verifyLog(file, trust, { progress: bar.progress, signal: controller.signal })
      : await proveFile(new Uint8Array(await file.slice(0, 1 << 20).arrayBuffer()), trust);
    return { name: file.name, result };
  } catch (error) {
    return { name: file.name, error: asRefusal(error) };
  }
}

function outcome({ name, result, error }) {
  const body = error ? panel("bad", say("无法核验", "Cannot be verified"), h("p", {}, say(error.zh, error.en))) : report(result);
  return h("section", {}, h("h2", { class: "vf-file" }, name), body);
}

async function verifyAll(files) {
  running?.abort();
  const slot = document.getElementById("vf-results");
  results.length = 0;
  for (const file of files) results.push(await verifyOne(file, slot));
  slot.replaceChildren(...results.map(outcome));
  slot.querySelector(".sh-panel")?.focus();
  document.body.dataset.ready = String(results.length);
}

function dropZone() {
  const input = h("input", { type: "file", multiple: true, id: "vf-file", onchange: () => verifyAll([...input.files]) });
  const zone = h("label", { class: "vf-drop", for: "vf-file" }, h("strong", {}, say("把文件拖到这里，或点此选择", "Drop files here, or choose them")),
    h("span", { class: "vf-hint" }, say("证明文件（.tlog-proof）或全本日志（shanhai-log/1）", "A proof file (.tlog-proof) or a whole log (shanhai-log/1)")), h("br"), input);
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
  const head = h("header", { class: "vf-head" }, h("div", { class: "vf-bar" }, h("p", { class: "vf-name" }, say("山海 · 离线核验", "Shanhai · Offline verification")),
    h("button", { type: "button", class: "vf-lang", lang: english() ? "zh-hans" : "en", onclick: swap }, english() ? "中文" : "English")));
  const main = h("main", { class: "vf-main" }, h("h1", {}, say("核验一份证明，或一整本账", "Verify a proof, or a whole ledger")),
    h("p", {}, say("本页在您的电脑上计算，不联网，不上传任何内容。", "This page computes on your own machine; it uses no network and sends nothing.")),
    h("div", { class: "vf-card" }, fold(say("您信任谁（建议填写核验公钥）", "Whom you trust (give the verifier key)"), ...FIELDS.map(field))),
    dropZone(), h("div", { id: "vf-results" }, ...results.map(outcome)));
  document.body.replaceChildren(head, main);
}

adoptStyle();
render();
