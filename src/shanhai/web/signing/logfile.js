/* A whole log file (`shanhai-log/1`): every entry by `logentry.js`, then the signed root. The rules are
 * not run again here; `shanhai verify` does that, and the result says so. */

import { asRefusal, equal, refuse, toHex } from "./bytes.js";
import { parseCanonical } from "./canonical.js";
import { LogState, checkHeader } from "./logentry.js";
import { parseCheckpoint } from "./note.js";
import { checkAnchor, checkNote, checkWitnesses } from "./provenote.js";
import { PieceReader } from "./reader.js";
import { hash } from "./values.js";
import { Verdict, must } from "./verdict.js";

const MAGIC = "shanhai-log/1";
const MAX_ENTRY_BYTES = 65535;
const PAUSE = 64;

/** Whether a file's first bytes are those of a log. */
export async function isLog(file) {
  return (await file.slice(0, MAGIC.length + 1).text()) === `${MAGIC}\n`;
}

async function readEntries(reader, state, { progress, signal }) {
  for (let length = await reader.uint32(); length > 0; length = await reader.uint32()) {
    if (length > MAX_ENTRY_BYTES) refuse("条目长度不可能", "The entry's length is impossible");
    await state.add((await reader.take(length)).slice());
    if (state.tree.size % PAUSE === 0) {
      if (signal?.aborted) refuse("已取消", "Cancelled", "cancelled");
      progress?.(reader.position, reader.file.size, state.tree.size);
      await new Promise((resolve) => setTimeout(resolve)); // let the page breathe
    }
  }
}

/** Verify a log file. `trust` as in `prove.js`; `watch` = {progress(read, size, entries), signal}.
 * Returns {verdict, entries, root, bad}: `bad` is the index of the first bad entry. */
export async function verifyLog(file, trust = {}, watch = {}) {
  const verdict = new Verdict();
  const reader = new PieceReader(file);
  let [state, bad] = [null, null];
  const opened = await verdict.attempt("文件首行完整", "The header is whole", async () => {
    await reader.line(MAGIC.length + 1);
    state = new LogState(checkHeader(parseCanonical((await reader.line(4096)).slice())));
    must(!trust.ledger || trust.ledger === state.header.ledger, "是另一本账", "It is another ledger");
    return [`账本 ${hash(state.header.ledger)}`, `Ledger ${hash(state.header.ledger)}`];
  });
  if (!opened) return { verdict };
  const read = await verdict.attempt(
    "每一条：序号、时间、签名、所见检查点",
    "Every entry: index, time, signature, seen checkpoint",
    async () => {
      try {
        await readEntries(reader, state, watch);
      } catch (error) {
        const { zh, en, code } = asRefusal(error);
        if (code === "cancelled") throw error;
        bad = state.tree.size;
        refuse(`第 ${bad} 条：${zh}`, `Entry ${bad}: ${en}`);
      }
      return [`${state.tree.size} 条`, `${state.tree.size} entries`];
    },
  );
  const result = { verdict, entries: state.tree.size, bad, header: state.header };
  return read ? close(result, reader, state, trust) : result;
}

async function close(result, reader, state, trust) {
  const { verdict } = result;
  const root = await state.tree.root();
  let checkpoint = null;
  const sealed = await verdict.attempt(
    "条数与根同检查点一致",
    "Count and root are those of the checkpoint",
    async () => {
      checkpoint = parseCheckpoint((await reader.rest(65536)).slice());
      must(
        checkpoint.origin === state.header.origin,
        "检查点来自另一本账",
        "The checkpoint is of another ledger",
      );
      must(
        checkpoint.size === state.tree.size && equal(checkpoint.root, root),
        "不一致：有条目被增删或改动",
        "They differ: entries were added, removed or changed",
      );
      return [`根 ${hash(toHex(root))}`, `Root ${hash(toHex(root))}`];
    },
  );
  if (sealed) {
    await checkNote(verdict, checkpoint, trust);
    await checkWitnesses(verdict, checkpoint, trust);
    await checkAnchor(verdict, checkpoint, await anchored(state, trust));
  }
  verdict.lacks("RULES", "没有在浏览器中重新执行规则", "the rules were not run again in the browser", [
    "权限、金额上限等由 shanhai verify 逐条重新判断",
    "Authority, caps and the rest are judged again by shanhai verify",
  ]);
  return { ...result, root: toHex(root), checkpoint };
}

/** With the whole log at hand an anchor needs no path: its root is recomputed. */
async function anchored(state, trust) {
  const { anchor } = trust;
  if (!anchor || anchor.size < 1 || anchor.size > state.tree.size) return trust;
  const same = toHex(await state.tree.root(anchor.size)) === anchor.root;
  return { anchor: { ...anchor, proved: same } };
}
