/* The sheets an officer reads before signing: one act, or a list of acts signed in one gesture. */

import { refuse } from "./bytes.js";
import { frame } from "./check.js";
import { fold, h, pick, say } from "./dom.js";
import { hash, money } from "./values.js";

function exact(item) {
  const text = new TextDecoder().decode(item.bytes);
  return fold(
    say("将签名的原始字节", "The exact bytes to be signed"),
    h("p", { class: "sh-quiet" }, say(`办理编号 ${hash(item.id)}`, `Act id ${hash(item.id)}`)),
    h("pre", { class: "sh-bytes", tabindex: "0", "aria-label": say("原始字节", "Exact bytes") }, text),
  );
}

/** One act: what is decided in large letters, then every field, then who signs. */
export function single(item) {
  return h(
    "div",
    { class: "sh-sheet" },
    h("h2", {}, pick(item.act.text)),
    h("p", { class: "sh-subject" }, item.label),
    item.answers,
    fold(say("谁来签、签给哪本账", "Who signs, for which ledger"), frame(item)),
    exact(item),
  );
}

/** What stands above the button: where the words come from, which key signs, what of the ledger was checked. */
export function assurance(passkey, seen) {
  const kind = passkey
    ? say("通行密钥", "passkey")
    : say("本浏览器中不可导出的密钥", "a key of this browser that cannot be exported");
  const history = seen?.proved
    ? say("账本经核验是上次所见的延续。", "The ledger was verified to continue what this browser saw last. ")
    : say("已核验账本的检查点签名。", "The ledger's checkpoint signature was verified. ");
  const source = say(
    `以上内容逐字取自将签名的字节；将用${kind}签名。`,
    `The above is read from the very bytes to be signed, with ${kind}.`,
  );
  return h("p", { class: "sh-quiet" }, seen ? history : "", source);
}

/** Sums of the amounts that all acts of a batch share, by field. */
function totals(items) {
  const fields = items[0].act.fields ?? {};
  return Object.entries(fields)
    .filter(
      ([name, { kind }]) =>
        ["amount", "fen"].includes(kind) &&
        items.every(({ body }) => Number.isSafeInteger(body.payload[name])),
    )
    .map(([name, { text }]) => {
      const sum = items.reduce((total, { body }) => total + body.payload[name], 0);
      return Number.isSafeInteger(sum) ? `${pick(text)} ${money(sum)}` : null;
    })
    .filter(Boolean);
}

/** Several acts with a box each. Subjects must be distinct, because each act is judged alone. */
export class Batch {
  constructor(items) {
    const subjects = new Set(items.map(({ body }) => body.subject));
    if (subjects.size !== items.length) {
      refuse("批量办理的对象不能重复", "Subjects of a batch must be distinct", "batch.subject");
    }
    this.items = items;
    this.boxes = items.map((item, i) =>
      h("input", { type: "checkbox", checked: true, id: `sh-item-${i}`, onchange: () => this.sum() }),
    );
    this.line = h("p", { class: "sh-total", role: "status" });
    this.sum();
  }

  get chosen() {
    return this.items.filter((_, i) => this.boxes[i].checked);
  }

  sum() {
    const { chosen } = this;
    const parts = chosen.length ? totals(chosen).join(say("；", "; ")) : "";
    const count = say(
      `已选 ${chosen.length} 项，共 ${this.items.length} 项`,
      `${chosen.length} of ${this.items.length} chosen`,
    );
    this.line.textContent = parts ? `${count}${say("；合计：", "; total: ")}${parts}` : count;
    this.line.dispatchEvent(new CustomEvent("sh-chosen", { bubbles: true, detail: chosen.length }));
  }

  /** After signing the choice stands. */
  lock() {
    for (const box of this.boxes) box.disabled = true;
  }

  /** What is decided in sight, the other fields folded: fifty acts must stay readable. */
  brief({ answers }) {
    const rest = [...answers.children].filter((row) => !row.classList.contains("sh-main"));
    if (rest.length === answers.children.length) return [answers];
    const others = h("dl", { class: "sh-answers" }, rest);
    return [
      answers,
      rest.length ? fold(say(`其余 ${rest.length} 项`, `${rest.length} more fields`), others) : null,
    ];
  }

  element() {
    const rows = this.items.map((item, i) =>
      h(
        "li",
        { class: "sh-item" },
        h(
          "div",
          { class: "sh-pick" },
          this.boxes[i],
          h("label", { for: `sh-item-${i}` }, `${pick(item.act.text)} · ${item.label}`),
        ),
        this.brief(item),
        fold(say("谁来签、签给哪本账", "Who signs, for which ledger"), frame(item)),
        exact(item),
      ),
    );
    return h(
      "div",
      { class: "sh-sheet" },
      h("h2", {}, say("一次签名，逐项办理", "One signature, each judged alone")),
      this.line,
      h("ol", { class: "sh-items" }, rows),
    );
  }
}
