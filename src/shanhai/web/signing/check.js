/* One act of a page, read from the very bytes to be signed. */

import { answers, code, named } from "./answers.js";
import { fromBase64url, refuse } from "./bytes.js";
import { h, pick, say } from "./dom.js";
import { parseBody } from "./entry.js";
import { hash, time, visible } from "./values.js";

/** Parse one act of the page: {bytes, body, act, title, subject, answers}. */
export async function readAct(act) {
  const bytes = fromBase64url(act.body);
  const body = parseBody(bytes);
  if (act.act !== body.act) {
    refuse(
      "页面所示的办理事项与将签名的内容不同，不能签名",
      "The page names another act than the bytes; it cannot be signed",
      "act.other",
    );
  }
  const label = act.subject ? visible(pick(act.subject)) : body.subject;
  return { act, bytes, body, label, answers: await answers(body.payload, act.fields ?? {}, act, body) };
}

/** Who signs, for which ledger and how long it counts, from the bytes. */
export function frame({ act, body }) {
  const row = (zh, en, value) => h("div", { class: "sh-row" }, h("dt", {}, say(zh, en)), h("dd", {}, value));
  return h(
    "dl",
    { class: "sh-answers sh-frame" },
    row("办理事项", "Act", h("span", {}, pick(act.text), " ", code(body.act))),
    row(
      "对象",
      "Subject",
      named(body.subject, { names: act.subject ? { [body.subject]: act.subject } : {} }),
    ),
    body.post ? row("以何岗位", "Acting as", named(body.post, act)) : null,
    row("账本", "Ledger", code(hash(body.ledger))),
    row("密钥", "Key", code(hash(body.kid))),
    row("有效至", "Valid until", time(body.not_after_ms)),
    body.seen
      ? row(
          "所见检查点",
          "Checkpoint seen",
          h(
            "span",
            {},
            say(`${body.seen.size} 条 `, `${body.seen.size} entries `),
            code(hash(body.seen.root)),
          ),
        )
      : null,
  );
}
