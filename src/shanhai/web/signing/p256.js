/* ECDSA over P-256 with SHA-256: raw r ‖ s from WebCrypto, DER from authenticators.
 * Source: FIPS 186-5; RFC 3279 section 2.2.3 (DER); RFC 5480 (SubjectPublicKeyInfo). */

import { concat, equal, fromHex, refuse } from "./bytes.js";

const SPKI_HEAD = fromHex("3059301306072a8648ce3d020106082a8648ce3d030107034200", 26);
const ALGORITHM = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };

/** Take the 65-byte point (0x04 ‖ x ‖ y) out of a P-256 SubjectPublicKeyInfo. */
export function pointFromSpki(spki) {
  if (spki.length !== 91 || !equal(spki.subarray(0, 26), SPKI_HEAD) || spki[26] !== 4) {
    refuse("通行密钥不是 P-256 公钥", "The passkey's public key is not P-256");
  }
  return spki.subarray(26);
}

function derInteger(bytes, at) {
  const length = bytes[at + 1];
  const body = bytes.subarray(at + 2, at + 2 + length);
  const padded = body[0] === 0 && !(body[1] & 0x80) && body.length > 1;
  const ok = bytes[at] === 2 && length >= 1 && length <= 33 && body.length === length;
  if (!ok || padded || body[0] & 0x80) return null;
  const value = body[0] === 0 ? body.subarray(1) : body;
  if (value.length > 32) return null;
  return { next: at + 2 + length, value: concat(new Uint8Array(32 - value.length), value) };
}

/** Turn a strict DER signature into raw r ‖ s, or null where it is not one. */
export function rawFromDer(der) {
  if (der[0] !== 0x30 || der[1] !== der.length - 2 || der.length > 72) return null;
  const r = derInteger(der, 2);
  const s = r && derInteger(der, r.next);
  return s && s.next === der.length ? concat(r.value, s.value) : null;
}

/** Whether raw `signature` (64 bytes) over `message` is by the holder of `point` (65 bytes). */
export async function verifyP256(point, signature, message) {
  if (point.length !== 65 || point[0] !== 4 || signature === null || signature.length !== 64) return false;
  let key;
  try {
    key = await crypto.subtle.importKey("raw", point, ALGORITHM, false, ["verify"]);
  } catch {
    return false; // not a point of the curve
  }
  return crypto.subtle.verify(ALGORITHM, key, signature, message);
}
