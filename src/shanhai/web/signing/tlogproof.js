/* The text of a proof file: `c2sp.org/tlog-proof@v1`, extra, index, path, an empty line, checkpoint.
 * The format does not authenticate `extra` (entry, key, openings, status): `prove.js` checks each. */

import { fromBase64, fromBase64url, fromUtf8, refuse, utf8 } from "./bytes.js";
import { parseCanonical } from "./canonical.js";
import { checkShape } from "./entry.js";
import { parseCheckpoint } from "./note.js";

const MAX_PROOF_BYTES = 512 * 1024;
const MAX_PATH = 64;
const EXTRA = { entry: "string", key: "string", openings: "object", status: "object" };
const STATUS = { size: "number", voided_by: "number" };

function parseExtra(bytes) {
  const extra = checkShape(
    parseCanonical(bytes),
    EXTRA,
    ["key", "openings", "status"],
    "证明文件",
    "the proof file",
  );
  if (extra.status) checkShape(extra.status, STATUS, ["voided_by"], "状态说明", "the status");
  if (extra.openings && !Array.isArray(extra.openings))
    refuse("证明文件的明文不是清单", "The openings are no list");
  return { ...extra, entry: fromBase64url(extra.entry), key: extra.key ? fromBase64url(extra.key) : null };
}

/** Split a proof file into {extra, index, path, checkpoint}. */
export function parseProof(bytes) {
  if (bytes.length > MAX_PROOF_BYTES) refuse("证明文件过大", "The proof file is too large");
  const text = fromUtf8(bytes);
  const cut = text.indexOf("\n\n");
  const [first, ...lines] = text.slice(0, Math.max(cut, 0)).split("\n");
  if (first !== "c2sp.org/tlog-proof@v1") {
    refuse(
      "这不是证明文件（首行应为 c2sp.org/tlog-proof@v1）",
      "This is no proof file (the first line should be c2sp.org/tlog-proof@v1)",
    );
  }
  if (!lines[0]?.startsWith("extra "))
    refuse("证明文件没有附条目", "The proof file does not carry the entry");
  const extra = parseExtra(fromBase64(lines.shift().slice(6)));
  const [, index] = /^index (0|[1-9][0-9]{0,15})$/.exec(lines.shift() ?? "") ?? [];
  if (index === undefined || !Number.isSafeInteger(Number(index))) {
    refuse("证明文件的序号行不正确", "The index line of the proof file is malformed");
  }
  if (lines.length > MAX_PATH) refuse("证明文件的路径过长", "The path of the proof file is too long");
  const path = lines.map(fromBase64);
  if (path.some((hash) => hash.length !== 32))
    refuse("证明文件的路径有误", "The path of the proof file is wrong");
  return { extra, index: Number(index), path, checkpoint: parseCheckpoint(utf8(text.slice(cut + 2))) };
}
