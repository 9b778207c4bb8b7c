/* Prove one entry: from a proof file and what the reader trusts to a list of checks in words.
 * trust = {vkey, ledger, witnesses: [vkey], quorum, web: {rp_id, origins}, anchor: {size, root, path}};
 * what is missing there is named as not proved, never passed over. */

import { equal, utf8 } from "./bytes.js";
import { PASSKEY, checkBlock, kidOf, verifyBlock } from "./blocks.js";
import { canonical, parseCanonical } from "./canonical.js";
import { actId, checkOpening, commitmentOf, parseBody, parseReceipt, unpackEntry } from "./entry.js";
import { leafHash, rootFromPath } from "./merkle.js";
import { checkAnchor, checkNote, checkWitnesses } from "./provenote.js";
import { parseProof } from "./tlogproof.js";
import { hash, time, visible } from "./values.js";
import { Verdict, must } from "./verdict.js";

async function checkSignature(verdict, { parts, body }, publicKey, trust) {
  if (body.ledger === "") return; // genesis is signed by its founders: checked with the log file
  if (publicKey === null) {
    verdict.lacks("UNSIGNED", "证明文件没有附签名人的公钥", "the proof file does not carry the signer's public key", null);
    return;
  }
  let alg = "";
  await verdict.attempt("经办人的签名成立", "The officer's signature holds", async () => {
    must((await kidOf(publicKey)) === body.kid, "公钥与密钥编号不符", "The public key does not match the key's id");
    const block = checkBlock(parseCanonical(parts.signature));
    alg = block.alg;
    const holds = await verifyBlock(block, parts.body, body.ledger, { alg, kid: body.kid, publicKey }, trust.web ?? null);
    must(holds, "内容被改动，或不是这把密钥所签", "The content was changed, or another key signed");
    return [`${alg}，密钥 ${hash(body.kid)}`, `${alg}, key ${hash(body.kid)}`];
  });
  if (alg === PASSKEY && !trust.web) {
    verdict.lacks("ORIGIN", "没有比对签名时的网址", "the address at which it was signed was not compared", null);
  }
}

async function checkOpenings(verdict, body, openings) {
  for (const opening of openings ?? []) {
    const label = String(opening?.label);
    await verdict.attempt(`公开的内容“${label}”与承诺相符`, `The disclosed “${label}” opens its commitment`, async () => {
      const made = await commitmentOf(checkOpening(opening));
      const held = canonical(body.payload).includes(`"${made}"`) && opening.ledger === body.ledger;
      must(held, "与条目中的承诺不符", "It does not open a commitment of this entry");
      const value = typeof opening.value === "string" ? opening.value : canonical(opening.value);
      return [visible(value), visible(value)];
    });
  }
}

/** What the issuer says of later entries is a statement: only the whole log proves that none voids it. */
async function checkStatus(verdict, { index, checkpoint, extra: { status } }) {
  if (!status) return;
  const voided = status.voided_by ?? 0;
  const fits = await verdict.attempt("状态说明与检查点相合", "The statement of status fits the checkpoint", () => {
    must(Math.max(voided, index) < status.size && status.size <= checkpoint.size, "状态说明晚于检查点", "The statement is later than the checkpoint");
    return null;
  });
  if (!fits) return;
  verdict.lacks("STATED", "此后是否作废，仅由出具方陈述", "whether it was voided since is only stated by the issuer", voided
    ? [`截至第 ${status.size} 条：已被第 ${voided} 条作废`, `As of ${status.size} entries: voided by entry ${voided}`]
    : [`截至第 ${status.size} 条：未作废；可用全本日志核对`, `As of ${status.size} entries: not voided; the whole log would prove it`]);
}

async function checkEntry(verdict, proof, trust) {
  const { entry } = proof.extra;
  let found = null;
  await verdict.attempt("条目包含在日志中", "The entry is included in the log", async () => {
    const leaf = await leafHash(entry);
    const root = await rootFromPath(leaf, proof.index, proof.checkpoint.size, proof.path);
    must(equal(root, proof.checkpoint.root), "包含路径不通向检查点的根", "The path does not lead to the checkpoint's root");
    return [`第 ${proof.index} 条，共 ${proof.checkpoint.size} 条`, `Entry ${proof.index} of ${proof.checkpoint.size}`];
  });
  await verdict.attempt("条目内容完整", "The entry is whole", async () => {
    const parts = unpackEntry(entry);
    const [body, receipt] = [parseBody(parts.body), parseReceipt(parts.receipt)];
    must(receipt.index === proof.index, "回执中的序号不符", "The receipt names another index");
    must(!trust.ledger || (body.ledger || trust.ledger) === trust.ledger, "条目属于另一本账", "The entry belongs to another ledger");
    found = { parts, body, receipt, id: await actId(parts.body) };
    return [`${body.act}，${time(receipt.time_ms)}，办理编号 ${hash(found.id)}`, `${body.act}, ${time(receipt.time_ms)}, act id ${hash(found.id)}`];
  });
  return found;
}

/** Verify a proof file. Returns {verdict, proof, parts, body, receipt, id}; all but the first may lack. */
export async function proveFile(bytes, trust = {}) {
  const verdict = new Verdict();
  let proof = null;
  const read = await verdict.attempt("证明文件格式完整", "The proof file is well formed", () => {
    proof = parseProof(bytes);
    return null;
  });
  if (!read) return { verdict };
  await checkNote(verdict, proof.checkpoint, trust);
  const entry = await checkEntry(verdict, proof, trust);
  if (entry) {
    await checkSignature(verdict, entry, proof.extra.key, trust);
    await checkOpenings(verdict, entry.body, proof.extra.openings);
  }
  await checkStatus(verdict, proof);
  await checkWitnesses(verdict, proof.checkpoint, trust);
  await checkAnchor(verdict, proof.checkpoint, trust);
  return { verdict, proof, ...entry };
}

/** The checks of a proof that came back as the answer to an act of this page. */
export async function proveAnswer(text, config, id) {
  const result = await proveFile(utf8(text), config);
  await result.verdict.attempt("证明的正是刚才签名的内容", "It proves the very act just signed", () => {
    must(result.id === id, "证明属于另一项办理", "The proof belongs to another act");
    return null;
  });
  return result.verdict.checks;
}
