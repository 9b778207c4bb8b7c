/* Signed notes and checkpoints: text, an empty line, signature lines; verifier keys.
 * Source: C2SP signed-note, tlog-checkpoint and tlog-cosignature. SM2 notes are refused here. */

import { concat, equal, fromBase64, fromUtf8, readUint, refuse, toHex, utf8 } from "./bytes.js";
import { verifyEd25519 } from "./ed25519.js";
import { sha256 } from "./merkle.js";

const TYPE_ED25519 = 1;
const TYPE_COSIGNATURE = 4;
const MAX_NOTE_BYTES = 65536;
const MAX_SIGNATURES = 64;
const NAME = /^[^\s+\u0000-\u001f]+$/u;
const CONTROL = /[\u0000-\u0009\u000b-\u001f]/;

/** Read `name+8 hex digits+base64(type ‖ 32 bytes)`; the key id must follow from name and key. */
export async function parseVkey(text) {
  const [, name, id, data] = /^([^+]*)\+([0-9a-f]{8})\+(.*)$/u.exec(text) ?? [];
  if (!data || !NAME.test(name)) return refuse("核验公钥格式不正确", "The verifier key is malformed");
  const bytes = fromBase64(data);
  const type = bytes[0];
  if (![TYPE_ED25519, TYPE_COSIGNATURE].includes(type)) {
    refuse(
      "浏览器只核验 Ed25519 检查点；国密账请用 shanhai verify",
      "Only Ed25519 checkpoints are verified in a browser; for SM ledgers use shanhai verify",
      "suite.sm",
    );
  }
  const expected = (await sha256(utf8(name + "\n"), bytes)).subarray(0, 4);
  if (bytes.length !== 33 || toHex(expected) !== id) {
    refuse("核验公钥与其编号不符", "The verifier key does not match its id");
  }
  return { name, type, id: expected, key: bytes.subarray(1) };
}

function parseSignatures(block) {
  if (!block.endsWith("\n"))
    refuse("检查点没有完整的签名行", "The checkpoint lacks a complete signature line");
  const lines = block.slice(0, -1).split("\n");
  if (lines.length > MAX_SIGNATURES) refuse("检查点的签名过多", "The checkpoint has too many signatures");
  return lines.map((line) => {
    const [, name, data] = /^\u2014 (\S+) (\S+)$/u.exec(line) ?? [];
    if (!data || !NAME.test(name))
      return refuse("检查点的签名行格式不正确", "A signature line of the checkpoint is malformed");
    const bytes = fromBase64(data);
    if (bytes.length < 5) refuse("检查点的签名行过短", "A signature line of the checkpoint is too short");
    return { name, id: bytes.subarray(0, 4), signature: bytes.subarray(4) };
  });
}

/** Split a checkpoint note into origin, size, root, the signed text and its signatures. */
export function parseCheckpoint(bytes) {
  if (bytes.length > MAX_NOTE_BYTES) refuse("检查点过长", "The checkpoint is too long");
  const note = fromUtf8(bytes);
  const cut = note.lastIndexOf("\n\n");
  if (CONTROL.test(note)) refuse("检查点含有控制字符", "The checkpoint holds a control character");
  if (cut < 0) return refuse("检查点没有签名", "The checkpoint has no signature");
  const text = note.slice(0, cut + 1);
  const [origin, count, root, ...rest] = text.split("\n");
  const size = Number(count);
  if (
    rest.length !== 1 ||
    rest[0] !== "" ||
    !NAME.test(origin) ||
    !/^(0|[1-9][0-9]*)$/.test(count) ||
    !Number.isSafeInteger(size)
  ) {
    refuse("检查点须为三行：来源、条数、根", "A checkpoint must be three lines: origin, size, root");
  }
  const hash = fromBase64(root);
  if (hash.length !== 32) refuse("检查点的根长度不对", "The checkpoint's root has the wrong length");
  return { origin, size, root: hash, text, signatures: parseSignatures(note.slice(cut + 2)) };
}

async function holds(checkpoint, vkey, { signature }) {
  if (vkey.type === TYPE_ED25519) return verifyEd25519(vkey.key, signature, utf8(checkpoint.text));
  if (signature.length !== 72) return false;
  const time = readUint(signature, 2, 6); // the two highest bytes of the u64 must be zero
  const head = utf8(`cosignature/v1\ntime ${time}\n`);
  const fits = signature[0] === 0 && signature[1] === 0;
  return fits && verifyEd25519(vkey.key, signature.subarray(8), concat(head, utf8(checkpoint.text)));
}

/** Whether this verifier key signed the checkpoint: at least once, and never wrongly. */
export async function signedBy(checkpoint, vkey) {
  const own = checkpoint.signatures.filter((s) => s.name === vkey.name && equal(s.id, vkey.id));
  const answers = await Promise.all(own.map((signature) => holds(checkpoint, vkey, signature)));
  return answers.length > 0 && answers.every(Boolean);
}
