/* What the ledger answered, in words: a receipt with its proof, reasons, or no answer. */

import { checkList, fold, h, panel, pick, say } from "./dom.js";
import { touchedPart } from "./plain.js";
import { proofOf } from "./submit.js";
import { time } from "./values.js";

function reasons(data) {
  const failed = (data.checks ?? []).map((check) => ({ ok: false, ...check }));
  if (failed.length) return checkList(failed);
  return h(
    "p",
    {},
    say(
      data.zh ?? "服务器没有说明原因，请稍后重试或联系管理员",
      data.en ?? "The server gave no reason; try again later or ask your administrator",
    ),
  );
}

function again(config, zh, en) {
  return h("p", {}, h("a", { class: "sh-button", href: config.reload || location.href }, say(zh, en)));
}

/** No answer that counts: the act may or may not be entered, and sending it again is safe. */
export function unanswered(data = {}) {
  return panel(
    "bad",
    say("没有收到办理结果", "No result came"),
    data.zh ? h("p", {}, say(data.zh, data.en)) : null,
    h(
      "p",
      {},
      say(
        "再按一次即可：同一份签名不会重复入账。",
        "Press again: the same signed act is never entered twice.",
      ),
    ),
  );
}

/** A refusal: nothing was written; a subject that changed in between asks for a fresh page. */
export function refusal(config, { status, data }) {
  if (status >= 500) return unanswered(data);
  const stale = data.changed === true || ["object.changed", ...(config.stale ?? [])].includes(data.code);
  const title = stale
    ? say("对象在此期间已有变化，未受理", "The subject changed meanwhile; not accepted")
    : status === 403
      ? say("无权办理，未受理", "Not within your authority; not accepted")
      : say("未受理，未写入任何内容", "Refused; nothing was written");
  return panel(
    "bad",
    title,
    reasons(data),
    stale
      ? again(config, "查看最新内容并重新核对", "See the latest content and check again")
      : again(config, "返回修改", "Go back and mend it"),
  );
}

function proofSentence(checks, holds) {
  if (!holds) {
    return say(
      "回执的证明不成立，请保存本页并报告审计。",
      "The receipt's proof does not hold: keep this page and tell the auditors.",
    );
  }
  return checks.some(({ word }) => word === "SELF-ASSERTED")
    ? say(
        "已在本浏览器中核验：这一条与答复所附的根相符；账本的签名未核对。",
        "Verified in this browser: the entry leads to the root in the answer; the ledger's signature was not checked.",
      )
    : say(
        "已在本浏览器中核验：这一条包含在账本签名的根之内。",
        "Verified in this browser: the entry is included under the ledger's signed root.",
      );
}

function proofPart(checks, holds) {
  const sentence = proofSentence(checks, holds);
  return h(
    "div",
    {},
    h("p", { class: holds ? "" : "sh-mark-no" }, sentence),
    fold(say("证明", "Proof"), checkList(checks)),
  );
}

/** The receipt in words, and its proof, verified here. */
export async function acceptance(config, { data }, prove) {
  const { index, time_ms, touched = [] } = data.receipt;
  const proof = await proofOf(config, data);
  const checks = proof ? await prove(proof) : null;
  const holds = checks?.every(({ ok }) => ok !== false);
  const failed = checks !== null && !holds;
  return panel(
    failed ? "bad" : "good",
    failed
      ? say("已答复受理，但证明不成立", "Said to be accepted, but the proof fails")
      : say("已受理", "Accepted"),
    h(
      "p",
      { class: "sh-receipt" },
      say(`记入账本第 ${index} 条，时间 ${time(time_ms)}`, `Entry ${index} of the ledger, ${time(time_ms)}`),
      data.number ? h("strong", {}, say(`，编号 ${data.number}`, `, number ${data.number}`)) : null,
    ),
    data.duplicate
      ? h("p", {}, say("此前已入账，这是首次的回执。", "It was entered before; this is its first receipt."))
      : null,
    checks ? proofPart(checks, holds) : null,
    touched.length ? touchedPart(touched) : null,
    (data.next ?? config.next)
      ? h("p", {}, h("a", { class: "sh-button", href: data.next ?? config.next }, say("继续", "Continue")))
      : null,
  );
}

/** A batch: a result for every act, never a batch without one. */
export function batchResult(config, { data }, signed) {
  const results = data.results ?? [];
  const done = results.filter((result) => result.receipt).length;
  const rows = signed.map(({ label }, i) => {
    const result = results[i] ?? { zh: "没有答复，请重试", en: "No answer; try again" };
    const ok = Boolean(result.receipt);
    const text = ok
      ? say(`第 ${result.receipt.index} 条`, `Entry ${result.receipt.index}`)
      : pick([result.zh, result.en]);
    return { ok, zh: `${label}：${text}`, en: `${label}: ${text}` };
  });
  const title = say(`${signed.length} 项中受理 ${done} 项`, `${done} of ${signed.length} accepted`);
  return panel(
    done === signed.length ? "good" : "bad",
    title,
    checkList(rows),
    h(
      "p",
      {},
      h(
        "a",
        { class: "sh-button", href: data.next || config.next || config.reload || location.href },
        say("继续", "Continue"),
      ),
    ),
  );
}
