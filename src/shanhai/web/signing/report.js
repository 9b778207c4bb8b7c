/* A verdict as a visitor reads it: the sentence first, then each check, then what was not proved. */

import { checkList, fold, h, panel, pick, say } from "./dom.js";
import { plain, touchedPart } from "./plain.js";
import { hash, time } from "./values.js";

function headline(verdict) {
  if (!verdict.ok) return say("证明不成立", "The proof does not hold");
  if (verdict.unproved.includes("NOT-FINAL"))
    return say("所核对的成立，但尚未最终确认", "What was checked holds, but it is not final");
  return verdict.unproved.length
    ? say("已核对的各项成立；有未证明之处", "What was checked holds; some things were not proved")
    : say("证明成立", "The proof holds");
}

function sentence({ verdict, body, receipt, proof, id }, act) {
  if (!verdict.ok || !body) return null;
  const name = act?.text ? pick(act.text) : body.act;
  return h(
    "div",
    {},
    h(
      "p",
      {},
      say(
        `“${name}”于 ${time(receipt.time_ms)}记入账本第 ${receipt.index} 条，包含在 ${proof.checkpoint.size} 条的日志之中；内容与日志的根一致，改动一个字节即不成立。`,
        `“${name}” was entered at ${time(receipt.time_ms)} as entry ${receipt.index} and is included in the log of ${proof.checkpoint.size} entries; its content agrees with the log's root, and one changed byte would not.`,
      ),
    ),
    h("p", { class: "sh-quiet" }, say("办理编号 ", "Act id "), h("code", { class: "sh-code" }, hash(id))),
  );
}

function content({ body, receipt }, act) {
  if (!body) return null;
  return h(
    "div",
    {},
    fold(say("条目内容", "What the entry says"), plain("payload", body.payload, act?.labels ?? {})),
    touchedPart(receipt.touched),
  );
}

/** Render the result of `proveFile` or `verifyLog`. `act` = {text, labels} where the page knows them. */
export function report(result, act = null) {
  const { verdict } = result;
  return panel(
    verdict.ok ? "good" : "bad",
    headline(verdict),
    sentence(result, act),
    h("h3", {}, say("逐项核对", "Check by check")),
    checkList(verdict.checks),
    content(result, act),
  );
}
