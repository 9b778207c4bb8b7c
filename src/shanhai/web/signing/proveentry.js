/* What a proof file carries beside the inclusion proof: the signer's key, openings, a status. */

import { PASSKEY, checkBlock, kidOf, verifyBlock } from "./blocks.js";
import { canonical, parseCanonical } from "./canonical.js";
import { checkOpening, commitmentOf } from "./entry.js";
import { hash, visible } from "./values.js";
import { must } from "./verdict.js";

/** The act's own signature; its key needs no trust, because the body names the key's id. */
export async function checkSignature(verdict, { parts, body }, publicKey, trust) {
  if (body.ledger === "") return; // genesis is signed by its founders: checked with the log file
  if (publicKey === null) {
    verdict.lacks(
      "UNSIGNED",
      "证明文件没有附签名人的公钥",
      "the proof file does not carry the signer's public key",
      null,
    );
    return;
  }
  let alg = "";
  await verdict.attempt("经办人的签名成立", "The officer's signature holds", async () => {
    must(
      (await kidOf(publicKey)) === body.kid,
      "公钥与密钥编号不符",
      "The public key does not match the key's id",
    );
    const block = checkBlock(parseCanonical(parts.signature));
    alg = block.alg;
    const holds = await verifyBlock(
      block,
      parts.body,
      body.ledger,
      { alg, kid: body.kid, publicKey },
      trust.web ?? null,
    );
    must(holds, "内容被改动，或不是这把密钥所签", "The content was changed, or another key signed");
    return [`${alg}，密钥 ${hash(body.kid)}`, `${alg}, key ${hash(body.kid)}`];
  });
  if (alg === PASSKEY && !trust.web) {
    verdict.lacks(
      "ORIGIN",
      "没有比对签名时的网址",
      "the address at which it was signed was not compared",
      null,
    );
  }
}

/** Each disclosed value must open a commitment that this very act carries. */
export async function checkOpenings(verdict, body, openings) {
  for (const opening of openings ?? []) {
    const label = String(opening?.label);
    await verdict.attempt(
      `公开的内容“${label}”与承诺相符`,
      `The disclosed “${label}” opens its commitment`,
      async () => {
        const made = await commitmentOf(checkOpening(opening));
        const held = canonical(body.payload).includes(`"${made}"`) && opening.ledger === body.ledger;
        must(held, "与条目中的承诺不符", "It does not open a commitment of this entry");
        const value = typeof opening.value === "string" ? opening.value : canonical(opening.value);
        return [visible(value), visible(value)];
      },
    );
  }
}

/** What the issuer says of later entries is a statement: only the whole log proves that none voids it. */
export async function checkStatus(verdict, { index, checkpoint, extra: { status } }) {
  if (!status) return;
  const voided = status.voided_by ?? 0;
  const fits = await verdict.attempt(
    "状态说明与检查点相合",
    "The statement of status fits the checkpoint",
    () => {
      must(
        Math.max(voided, index) < status.size && status.size <= checkpoint.size,
        "状态说明晚于检查点",
        "The statement is later than the checkpoint",
      );
      return null;
    },
  );
  if (!fits) return;
  verdict.lacks(
    "STATED",
    "此后是否作废，仅由出具方陈述",
    "whether it was voided since is only stated by the issuer",
    voided
      ? [
          `截至第 ${status.size} 条：已被第 ${voided} 条作废`,
          `As of ${status.size} entries: voided by entry ${voided}`,
        ]
      : [
          `截至第 ${status.size} 条：未作废；可用全本日志核对`,
          `As of ${status.size} entries: not voided; the whole log would prove it`,
        ],
  );
}
