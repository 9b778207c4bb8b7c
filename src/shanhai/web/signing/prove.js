/* Prove one entry: from a proof file and what the reader trusts to a list of checks in words.
 * trust = {vkey, ledger, witnesses: [vkey or the vkeys of a domain], quorum, domains, faults, interests, policies: [{since, and the same}], web: {rp_id, origins}, anchor: {size, root, path}};
 * what is missing there is named as not proved, never passed over. */

import { equal, utf8 } from "./bytes.js";
import { actId, parseBody, parseReceipt, unpackEntry } from "./entry.js";
import { leafHash, rootFromPath } from "./merkle.js";
import { checkOpenings, checkSignature, checkStatus } from "./proveentry.js";
import { checkAnchor, checkNote, checkWitnesses, trustAt } from "./provenote.js";
import { parseProof } from "./tlogproof.js";
import { hash, time } from "./values.js";
import { Verdict, must } from "./verdict.js";

async function checkEntry(verdict, proof, trust) {
  const { entry } = proof.extra;
  let found = null;
  await verdict.attempt("条目包含在日志中", "The entry is included in the log", async () => {
    const leaf = await leafHash(entry);
    const root = await rootFromPath(leaf, proof.index, proof.checkpoint.size, proof.path);
    must(
      equal(root, proof.checkpoint.root),
      "包含路径不通向检查点的根",
      "The path does not lead to the checkpoint's root",
    );
    return [
      `第 ${proof.index} 条，共 ${proof.checkpoint.size} 条`,
      `Entry ${proof.index} of ${proof.checkpoint.size}`,
    ];
  });
  await verdict.attempt("条目内容完整", "The entry is whole", async () => {
    const parts = unpackEntry(entry);
    const [body, receipt] = [parseBody(parts.body), parseReceipt(parts.receipt)];
    must(receipt.index === proof.index, "回执中的序号不符", "The receipt names another index");
    must(
      !trust.ledger || (body.ledger || trust.ledger) === trust.ledger,
      "条目属于另一本账",
      "The entry belongs to another ledger",
    );
    found = { parts, body, receipt, id: await actId(parts.body) };
    return [
      `${body.act}，${time(receipt.time_ms)}，办理编号 ${hash(found.id)}`,
      `${body.act}, ${time(receipt.time_ms)}, act id ${hash(found.id)}`,
    ];
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
  const whom = trustAt(trust, proof.checkpoint.size);
  await checkNote(verdict, proof.checkpoint, whom);
  const entry = await checkEntry(verdict, proof, trust);
  if (entry) {
    await checkSignature(verdict, entry, proof.extra.key, trust);
    await checkOpenings(verdict, entry.body, proof.extra.openings);
  }
  await checkStatus(verdict, proof);
  await checkWitnesses(verdict, proof.checkpoint, whom);
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
