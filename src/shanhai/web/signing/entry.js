/* Entries: u16 version, then body, signature block and receipt, each behind its u32 length.
 * Source: reference ledger format, sections 4.1 to 4.4. */

import { concat, fromBase64url, fromHex, readUint, refuse, toHex, utf8 } from "./bytes.js";
import { canonicalBytes, parseCanonical } from "./canonical.js";
import { sha256 } from "./merkle.js";

const MAX_LEAF = 65535;
const BODY = {
  act: "string",
  kid: "string",
  ledger: "string",
  made_ms: "number",
  nonce: "string",
  not_after_ms: "number",
  on: "string",
  payload: "object",
  post: "string",
  seen: "object",
  subject: "string",
};
const MAY_LACK = ["post", "seen"];

/** Refuse an object whose fields are not exactly those named, each of its type. */
export function checkShape(value, shape, optional, zh, en) {
  const ok = value !== null && typeof value === "object" && !Array.isArray(value);
  const unknown = ok ? Object.keys(value).find((name) => !Object.hasOwn(shape, name)) : undefined;
  const wrong = (name) => typeof value[name] !== shape[name];
  const missing = (name) => (name in value ? wrong(name) : !optional.includes(name));
  const bad = unknown ?? (ok ? Object.keys(shape).find(missing) : "*");
  if (bad !== undefined)
    refuse(`${zh}的字段 ${bad} 不符合格式`, `Field ${bad} of ${en} is malformed`, "body.malformed");
  return value;
}

/** Parse the bytes an officer signs. */
export function parseBody(bytes) {
  if (bytes.length > 32768) refuse("签名内容超过 32 KiB", "The body exceeds 32 KiB", "body.too_large");
  const body = checkShape(parseCanonical(bytes), BODY, MAY_LACK, "签名内容", "the body");
  if (Array.isArray(body.payload)) refuse("签名内容的 payload 不是对象", "The body's payload is no object");
  for (const name of ["ledger", "kid", "on"]) if (body[name] !== "") fromHex(body[name], 32);
  fromHex(body.nonce, 16);
  if (body.seen) {
    checkShape(body.seen, { root: "string", size: "number" }, [], "所见检查点", "the seen checkpoint");
    fromHex(body.seen.root, 32);
  }
  return body;
}

/** H("shanhai/act/v1\n" ‖ body), hex: the id by which an act is unique for ever. */
export async function actId(body) {
  return toHex(await sha256(utf8("shanhai/act/v1\n"), body));
}

/** What a key signs for one act. */
export function signedBytes(ledger, alg, kid, body) {
  return concat(utf8(`shanhai/act-sig/v1\n${ledger}\n${alg}\n${kid}\n`), body);
}

/** Split a leaf into its three byte strings. */
export function unpackEntry(bytes) {
  if (bytes.length > MAX_LEAF || readUint(bytes, 0, 2) !== 1) {
    refuse("条目版本不认识或过长", "The entry's version is unknown or it is too long");
  }
  const parts = [];
  let at = 2;
  for (let i = 0; i < 3; i += 1) {
    const end = at + 4 + readUint(bytes, at, 4);
    if (end > bytes.length) refuse("条目不完整", "The entry is incomplete");
    parts.push(bytes.subarray(at + 4, end));
    at = end;
  }
  if (at !== bytes.length) refuse("条目后有多余内容", "There is more after the entry");
  return { body: parts[0], signature: parts[1], receipt: parts[2] };
}

/** Parse a receipt; the touched objects must be sorted and distinct. */
export function parseReceipt(bytes) {
  const shape = { index: "number", rules: "number", time_ms: "number", touched: "object" };
  const receipt = checkShape(parseCanonical(bytes), shape, [], "回执", "the receipt");
  if (!Array.isArray(receipt.touched)) refuse("回执格式不正确", "The receipt is malformed");
  let last = "";
  for (const row of receipt.touched) {
    const fits = Array.isArray(row) && row.length === 3 && row.every((part) => typeof part === "string");
    if (!fits) refuse("回执中的对象格式不正确", "An object of the receipt is malformed");
    fromHex(row[2], 32);
    const name = `${row[0]}\u0000${row[1]}`;
    if (name <= last)
      refuse("回执中的对象未按序或重复", "The receipt's objects are out of order or repeated");
    last = name;
  }
  return receipt;
}

const OPENING = { committer: "string", label: "string", ledger: "string", object: "string", salt: "string" };

/** Check the form of an opening; its value may be any canonical value. */
export function checkOpening(opening) {
  const { value, ...rest } = opening ?? {};
  checkShape(rest, OPENING, [], "明文", "the opening");
  if (value === undefined || fromBase64url(rest.salt).length !== 32) {
    refuse("明文的格式不正确", "The opening is malformed", "opening.malformed");
  }
  return opening;
}

/** H(0x02 ‖ canonical [ledger, object, committer, label, value, salt]), hex: what an opening opens. */
export async function commitmentOf({ ledger, object, committer, label, value, salt }) {
  const row = canonicalBytes([ledger, object, committer, label, value, salt]);
  return toHex(await sha256(Uint8Array.of(2), row));
}
