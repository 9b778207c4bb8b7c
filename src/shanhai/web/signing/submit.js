/* Send signed acts and say in words what the ledger answered. */

import { toBase64url } from "./bytes.js";
import { checkList, fold, h, panel, pick, say } from "./dom.js";
import { hash, time } from "./values.js";

/** POST one act {body, signature}, or a batch {acts: […]}. Sending again is safe: an act's id is
 * unique for ever, and a repeated act gets its first receipt. */
export async function submit(config, signed) {
  const acts = signed.map(({ bytes, block }) => ({ body: toBase64url(bytes), signature: block }));
  const headers = { "Content-Type": "application/json", Accept: "application/json" };
  if (config.csrf) headers["X-CSRFToken"] = config.csrf;
  const answer = await fetch(config.submit, {
    method: "POST",
    headers,
    credentials: "same-origin",
    body: JSON.stringify(config.batch ? { acts } : acts[0]),
  });
  const kind = answer.headers.get("Content-Type") ?? "";
  const data = kind.includes("json") ? await answer.json() : null;
  const complete = Boolean(config.batch ? data?.results : data?.receipt);
  const status = answer.ok && !complete ? 502 : answer.status; // no result is no answer
  return { ok: answer.ok && complete, status, data: data ?? {} };
}

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

/** The receipt in words, and the proof where the answer carries one. */
export async function acceptance(config, { data }, prove) {
  const { index, time_ms, touched = [] } = data.receipt;
  const checks = data.proof && prove ? await prove(data.proof) : null;
  return panel(
    "good",
    say("已受理", "Accepted"),
    h(
      "p",
      { class: "sh-receipt" },
      say(`记入账本第 ${index} 条，时间 ${time(time_ms)}`, `Entry ${index} of the ledger, ${time(time_ms)}`),
      data.number ? h("strong", {}, say(`，编号 ${data.number}`, `, number ${data.number}`)) : null,
    ),
    checks ? fold(say("证明", "Proof"), checkList(checks)) : null,
    touched.length
      ? fold(
          say(`变动的对象（${touched.length}）`, `Objects changed (${touched.length})`),
          h(
            "ul",
            { class: "sh-plain" },
            touched.map(([noun, id, digest]) =>
              h(
                "li",
                {},
                `${noun} `,
                h("code", { class: "sh-code" }, id),
                " ",
                h("code", { class: "sh-code" }, hash(digest)),
              ),
            ),
          ),
        )
      : null,
    data.next ? h("p", {}, h("a", { class: "sh-button", href: data.next }, say("继续", "Continue"))) : null,
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
        { class: "sh-button", href: data.next || config.reload || location.href },
        say("继续", "Continue"),
      ),
    ),
  );
}
