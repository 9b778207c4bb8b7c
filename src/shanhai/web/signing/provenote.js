/* Whom a checkpoint answers to: the log's key, witnesses, and a checkpoint kept elsewhere. What the
 * reader has no key or copy for is named as not proved. */

import { equal, fromHex, toHex } from "./bytes.js";
import { isConsistent } from "./merkle.js";
import { parseVkey, signedBy } from "./note.js";
import { hash } from "./values.js";
import { must } from "./verdict.js";

/** What judges a checkpoint of a size: of a log's policies, newest first, the one that counts beyond a smaller size. */
export function trustAt(trust, size) {
  const policy = (trust.policies ?? []).find(({ since }) => since < size);
  return policy ? { ...trust, ...policy } : trust;
}

export async function checkNote(verdict, checkpoint, trust) {
  const size = [
    `${checkpoint.size} 条，根 ${hash(toHex(checkpoint.root))}`,
    `${checkpoint.size} entries, root ${hash(toHex(checkpoint.root))}`,
  ];
  if (!trust.vkey) {
    verdict.lacks("SELF-ASSERTED", "没有独立取得的核验公钥", "no verifier key from an independent source", [
      "请从账本的管理单位或公告取得核验公钥后再核验",
      "Get the verifier key from the ledger's operator or a printed notice and verify again",
    ]);
    return;
  }
  await verdict.attempt(
    "检查点由账本的密钥签署",
    "The checkpoint is signed by the ledger's key",
    async () => {
      const vkey = await parseVkey(trust.vkey);
      must(
        checkpoint.origin === (trust.origin ?? vkey.name),
        "检查点来自另一本账",
        "The checkpoint is of another ledger",
      );
      must(await signedBy(checkpoint, vkey), "签名不成立", "The signature does not hold");
      return size;
    },
  );
}

export async function checkWitnesses(verdict, checkpoint, trust) {
  const witnesses = trust.witnesses ?? [];
  if (witnesses.length === 0) {
    verdict.lacks("UNWITNESSED", "没有见证单位联署", "no witness cosigned", [
      "只有账本自己的签名；请向见证单位取得其公钥",
      "Only the ledger's own signature; ask the witnesses for their keys",
    ]);
    return;
  }
  const quorum = trust.quorum ?? witnesses.length;
  const found = await cosigned(checkpoint, witnesses, trust.domains ?? []);
  if (trust.domains && found.length < quorum) {
    verdict.lacks("NOT-FINAL", "尚未最终确认", "not final yet", [
      `${found.length} 个故障域联署，需 ${quorum} 个；请稍后再核验`,
      `${found.length} failure domains cosigned, ${quorum} are needed; verify again later`,
    ]);
    return;
  }
  await verdict.attempt("见证单位联署", "Witnesses cosigned", async () => {
    must(
      found.length >= quorum,
      `只有 ${found.length} 家有效联署，需要 ${quorum} 家`,
      `Only ${found.length} valid cosignatures of ${quorum} needed`,
    );
    const [zh, en] = trust.domains ? uncovered(found, trust, await together(trust, witnesses)) : ["", ""];
    return [`${found.length} 家：${found.join("、")}${zh}`, `${found.length}: ${found.join(", ")}${en}`];
  });
}

/** Who cosigned: each entry is a key, or the keys of one failure domain, of which one is enough. */
async function cosigned(checkpoint, witnesses, domains) {
  const found = [];
  for (const [place, entry] of witnesses.entries()) {
    for (const text of [entry].flat()) {
      const vkey = await parseVkey(text);
      const name = domains[place] ?? vkey.name;
      if (!found.includes(name) && (await signedBy(checkpoint, vkey))) found.push(name);
    }
  }
  return found;
}

/** Whether the witnesses keep the log together, as a consortium does: the log's key is one of theirs. */
async function together(trust, witnesses) {
  if (!trust.vkey) return false;
  const log = await parseVkey(trust.vkey);
  const keys = await Promise.all(witnesses.flat().map(parseVkey));
  return keys.some(({ key }) => equal(key, log.key));
}

/** Which collusion the cosignatures do not cover: so many liars among them, and interests that have them. */
function uncovered(found, trust, alone) {
  const count = found.length - (trust.faults ?? 0);
  const groups = (trust.interests ?? []).filter(
    ({ domains }) => domains.filter((name) => found.includes(name)).length >= count,
  );
  const names = groups.map((group) => group.name);
  const more = names.length ? [`，包括“${names.join("”“")}”`, `, such as “${names.join("”, “")}”`] : ["", ""];
  const [zh, en] = alone ? ["", ""] : ["运行单位与", "the sequencer with "];
  return [
    `；不能防范${zh}其中任意 ${count} 个故障域串通${more[0]}`,
    `; not covered: ${en}any ${count} of these domains${more[1]}`,
  ];
}

/** Whether a path joins the two, whichever is the older. */
async function joined(anchor, checkpoint) {
  const path = (anchor.path ?? []).map((part) => fromHex(part, 32));
  const kept = [anchor.size, fromHex(anchor.root, 32)];
  const shown = [checkpoint.size, checkpoint.root];
  const [old, now] = anchor.size <= checkpoint.size ? [kept, shown] : [shown, kept];
  return isConsistent(...old, ...now, path);
}

export async function checkAnchor(verdict, checkpoint, trust) {
  const { anchor } = trust;
  if (anchor && !anchor.path && anchor.proved === undefined && anchor.size !== checkpoint.size) {
    verdict.lacks(
      "UNANCHORED",
      "另存的检查点条数不同，缺少一致性路径",
      "the kept checkpoint has another size and no consistency path is given",
      ["请同时打开全本日志文件", "Open the whole log file as well"],
    );
    return;
  }
  if (!anchor) {
    verdict.lacks("UNANCHORED", "没有与另存的检查点比对", "not held against a checkpoint kept elsewhere", [
      "打印件或另存的检查点可以发现整本账被替换",
      "A printed or stored checkpoint would show that a whole ledger was replaced",
    ]);
    return;
  }
  await verdict.attempt("是另存检查点的延续", "Continues the checkpoint kept elsewhere", async () => {
    const ok = anchor.proved ?? (await joined(anchor, checkpoint));
    must(
      ok,
      "不一致：请保留两份检查点并报告审计",
      "Not consistent: keep both checkpoints and tell the auditors",
    );
    return [`自第 ${anchor.size} 条起未被改写`, `Not rewritten since entry ${anchor.size}`];
  });
}
