/* The form in which a reader of verify.html says whom to trust; nothing of it is required. */

import { toHex, utf8 } from "./bytes.js";
import { h, say } from "./dom.js";
import { parseCheckpoint } from "./note.js";
import { isPolicy, parsePolicy } from "./policyfile.js";
import { must } from "./verdict.js";

const FIELDS = [
  [
    "vkey",
    "input",
    ["账本的核验公钥", "The ledger's verifier key"],
    [
      "一行，形如 名称+8位+公钥；请从公告、盖章件或 /ledger/vkey 取得",
      "One line, name+8 digits+key; take it from a printed notice or /ledger/vkey",
    ],
  ],
  ["ledger", "input", ["账本编号", "Ledger id"], ["64 位十六进制，可不填", "64 hex digits, optional"]],
  [
    "witnesses",
    "textarea",
    ["见证规则，或见证单位的公钥", "The witness policy, or witnesses' keys"],
    [
      "粘贴规则文件全文（须取自您信得过的地方），或每行一把公钥，可不填",
      "Paste the policy file, from a place you trust, or one key a line; optional",
    ],
  ],
  [
    "anchor",
    "textarea",
    ["另存或打印的检查点", "A checkpoint kept or printed elsewhere"],
    [
      "粘贴检查点全文，或“条数 根（十六进制）”，可不填",
      "Paste the checkpoint, or “size root-in-hex”, optional",
    ],
  ],
  [
    "web",
    "input",
    ["登记的网址", "Registered address"],
    [
      "用于比对通行密钥，形如 https://例.gov.cn，可不填",
      "Compared with passkeys, such as https://name.gov.cn, optional",
    ],
  ],
];
const values = {};

function field([name, tag, label, hint]) {
  const id = `vf-${name}`;
  const input = h(tag, {
    id,
    name,
    rows: tag === "textarea" ? 3 : null,
    spellcheck: "false",
    autocomplete: "off",
    "aria-describedby": `${id}-hint`,
    oninput: () => {
      values[name] = input.value;
    },
  });
  input.value = values[name] ?? "";
  return h(
    "div",
    { class: "vf-field" },
    h("label", { for: id }, say(...label)),
    h("p", { class: "vf-hint", id: `${id}-hint` }, say(...hint)),
    input,
  );
}

function readAnchor(text) {
  const [, size, root] = /^([0-9]+)\s+([0-9a-f]{64})$/.exec(text) ?? [];
  if (size) return { size: Number(size), root };
  const note = parseCheckpoint(utf8(`${text}\n`));
  return { size: note.size, root: toHex(note.root) };
}

/** The policy with what the reader gave beside it; two keys of the log, or two ledgers, are a contradiction. */
function byPolicy(given, policy) {
  for (const name of ["vkey", "ledger"]) {
    must(
      !given[name] || !policy[name] || given[name] === policy[name],
      "所填的核验公钥或账本编号与见证规则中的不同",
      "The verifier key or ledger id given is not the policy's",
    );
  }
  return { ...policy, vkey: given.vkey || policy.vkey, ledger: given.ledger || policy.ledger };
}

/** The form's fields, filled as they were. */
export function trustFields() {
  return FIELDS.map(field);
}

/** What the reader trusts, from the form. */
export function readTrust() {
  const text = (name) => (values[name] ?? "").trim();
  const given = { vkey: text("vkey"), ledger: text("ledger") };
  const trust = isPolicy(text("witnesses"))
    ? byPolicy(given, parsePolicy(text("witnesses")))
    : { ...given, witnesses: text("witnesses").split(/\s+/).filter(Boolean) };
  if (text("anchor")) trust.anchor = readAnchor(text("anchor"));
  if (text("web"))
    trust.web = { rp_id: new URL(text("web")).hostname, origins: [new URL(text("web")).origin] };
  return trust;
}
