/* The fork detector: this browser remembers the last checkpoint it verified for each ledger, and an
 * act names (`seen`) the one it was shown. A ledger that shows two histories is found out here. */

import { equal, fromHex, refuse, toHex, utf8 } from "./bytes.js";
import { isConsistent } from "./merkle.js";
import { parseCheckpoint, parseVkey, signedBy } from "./note.js";
import { seenTable } from "./store.js";

function forked(zh, en, before, now) {
  const [a, b] = [before, now].map(({ size, root }) => `${size}/${root}`);
  refuse(
    `${zh}；请保留两份检查点并报告审计：${a}，${b}`,
    `${en}; keep both checkpoints and tell the auditors: ${a}, ${b}`,
    "ledger.fork",
  );
}

async function readCheckpoint({ checkpoint, vkey, origin }) {
  const key = await parseVkey(vkey);
  const note = parseCheckpoint(utf8(checkpoint));
  if (note.origin !== (origin ?? key.name) || !(await signedBy(note, key))) {
    refuse(
      "页面给出的检查点签名不成立，不能签名",
      "The page's checkpoint is not validly signed; do not sign",
      "checkpoint.invalid",
    );
  }
  return { size: note.size, root: toHex(note.root) };
}

async function fetchPath(url, from, to) {
  const answer = await fetch(`${url}?from=${from}&to=${to}`, { headers: { Accept: "application/json" } });
  if (!answer.ok)
    refuse(
      "取不到前后一致性证明，请稍后再试",
      "The consistency proof cannot be fetched; try later",
      "ledger.consistency",
    );
  const { path } = await answer.json();
  return path.map((hash) => fromHex(hash, 32));
}

async function follows(before, now, url) {
  if (now.size < before.size) {
    forked(
      "本页的账本比本浏览器上次核验的更短，请刷新；若仍如此，账本可能被回退",
      "This page's ledger is shorter than the one verified last; reload, and if it stays so the ledger was set back",
      before,
      now,
    );
  }
  if (now.size === before.size) {
    if (before.root !== now.root)
      forked(
        "同一条数有两个不同的根，账本被分叉",
        "Two roots at one size: the ledger is forked",
        before,
        now,
      );
    return true;
  }
  if (!url) return false;
  const path = await fetchPath(url, before.size, now.size);
  const [old, fresh] = [before.root, now.root].map((root) => fromHex(root, 32));
  if (!(await isConsistent(before.size, old, now.size, fresh, path))) {
    forked("账本不是上次核验内容的延续", "The ledger does not continue what was verified last", before, now);
  }
  return true;
}

/** Verify the page's checkpoint, hold it against the one remembered, and remember it.
 * Returns null without a checkpoint, else {size, proved}: whether it provably continues the last. */
export async function checkSeen(config, bodies) {
  if (!config.checkpoint) return null;
  const now = await readCheckpoint(config);
  const { ledger } = bodies[0];
  const differs = ({ seen }) =>
    seen && (seen.size !== now.size || !equal(fromHex(seen.root, 32), fromHex(now.root, 32)));
  if (bodies.some(differs)) {
    refuse(
      "签名内容所见的检查点与本页不同，不能签名",
      "The bytes name another checkpoint than this page shows; they cannot be signed",
      "seen.other",
    );
  }
  const before = await seenTable.get(ledger);
  if (before && before.vkey !== config.vkey) {
    refuse(
      "账本的核验公钥与上次不同，请先向管理单位核实",
      "The ledger's verifier key is not the one seen before; ask its operator first",
      "ledger.vkey",
    );
  }
  const proved = before ? await follows(before, now, config.consistency) : false;
  await seenTable.put({ ledger, vkey: config.vkey, ...now });
  return { size: now.size, proved };
}
