/* Send signed acts, and fetch the proof of what was entered. */

import { toBase64url } from "./bytes.js";

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

/** The proof file in the answer, or from `proof_url` + index; null where it cannot be had yet. */
export async function proofOf({ proof_url }, { proof, receipt }) {
  if (proof || !proof_url) return proof ?? null;
  const answer = await fetch(proof_url + receipt.index).catch(() => null);
  return answer?.ok ? answer.text() : null;
}
