/* Ed25519 verification: the browser's own code where it has it, ours where it has not, and the same
 * strictness in both, libsodium's (S below L, no small-order and no non-canonical key), so that this
 * page accepts what the ledger accepts and nothing else.
 * Source: RFC 8032 section 5.1. Verification handles no secret: time need not be constant. */

import { concat, equal, toHex } from "./bytes.js";

const P = 2n ** 255n - 19n;
const L = 2n ** 252n + 27742317777372353535851937790883648493n;
const D = 37095705934669439343138083508754565189542113879843219016388785533085940283555n;
const SQRT_M1 = 19681161376707505956807079304988542015446066515923890162744021073123829784752n;
const ORDER_8 = 2707385501144840649318225287225658788936804267575313519463743609750303402022n;
const SMALL_ORDER = [0n, 1n, ORDER_8, P - ORDER_8, P - 1n, P, P + 1n];
const IDENTITY = { x: 0n, y: 1n, z: 1n, t: 0n };
const BASE = decompress(
  46316835694926478169428394003475163141307993866256225615783033603165251855960n,
  false,
);

function mod(value, modulus = P) {
  const rest = value % modulus;
  return rest < 0n ? rest + modulus : rest;
}

function power(base, exponent) {
  let [result, square] = [1n, base];
  for (let rest = exponent; rest > 0n; rest >>= 1n) {
    if (rest & 1n) result = mod(result * square);
    square = mod(square * square);
  }
  return result;
}

function little(bytes) {
  return bytes.reduceRight((value, byte) => (value << 8n) | BigInt(byte), 0n);
}

/** Extended twisted Edwards coordinates, the complete addition law. */
function add(p, q) {
  const a = mod((p.y - p.x) * (q.y - q.x));
  const b = mod((p.y + p.x) * (q.y + q.x));
  const c = mod(2n * D * mod(p.t * q.t));
  const d = 2n * p.z * q.z;
  const [e, f, g, h] = [b - a, d - c, d + c, b + a];
  return { x: mod(e * f), y: mod(g * h), z: mod(f * g), t: mod(e * h) };
}

function double(p) {
  const [a, b] = [mod(p.x * p.x), mod(p.y * p.y)];
  const c = 2n * p.z * p.z;
  const xy = p.x + p.y;
  const h = a + b;
  const e = h - mod(xy * xy);
  const g = a - b;
  const f = c + g;
  return { x: mod(e * f), y: mod(g * h), z: mod(f * g), t: mod(e * h) };
}

/** The point with this y and this sign of x, or null where there is none. */
function decompress(y, odd) {
  const u = mod(y * y - 1n);
  const v = mod(D * mod(y * y) + 1n);
  let x = mod(u * power(v, 3n) * power(mod(u * power(v, 7n)), (P - 5n) / 8n));
  if (mod(v * x * x - u) !== 0n) x = mod(x * SQRT_M1);
  if (mod(v * x * x - u) !== 0n || (x === 0n && odd)) return null;
  if ((x & 1n) !== (odd ? 1n : 0n)) x = P - x;
  return { x, y, z: 1n, t: mod(x * y) };
}

function read(bytes) {
  const value = little(bytes);
  return { y: value & (2n ** 255n - 1n), odd: value >> 255n === 1n };
}

function encode(p) {
  const inverse = power(p.z, P - 2n);
  const value = mod(p.y * inverse) | ((mod(p.x * inverse) & 1n) << 255n);
  return Uint8Array.from({ length: 32 }, (_, i) => Number((value >> BigInt(8 * i)) & 255n));
}

/** a·A + b·B by one ladder over the bits of both (Straus). */
function doubleMultiply(a, A, b, B) {
  const both = add(A, B);
  let sum = IDENTITY;
  for (let bit = 255n; bit >= 0n; bit -= 1n) {
    sum = double(sum);
    const [inA, inB] = [(a >> bit) & 1n, (b >> bit) & 1n];
    if (inA && inB) sum = add(sum, both);
    else if (inA) sum = add(sum, A);
    else if (inB) sum = add(sum, B);
  }
  return sum;
}

function wellFormed(key, signature) {
  if (key.length !== 32 || signature.length !== 64) return false;
  const [a, r] = [read(key), read(signature.subarray(0, 32))];
  const strict = a.y < P && !SMALL_ORDER.includes(a.y) && !SMALL_ORDER.includes(r.y);
  return strict && little(signature.subarray(32)) < L;
}

/** Verify in BigInt arithmetic: S·B − H(R ‖ A ‖ M)·A must encode to R. */
export async function verifyOwn(key, signature, message) {
  if (!wellFormed(key, signature)) return false;
  const { y, odd } = read(key);
  const A = decompress(y, odd);
  if (A === null) return false;
  const r = signature.subarray(0, 32);
  const digest = await crypto.subtle.digest("SHA-512", concat(r, key, message));
  const h = mod(little(new Uint8Array(digest)), L);
  const minusA = { x: mod(-A.x), y: A.y, z: 1n, t: mod(-A.t) };
  const s = little(signature.subarray(32));
  return equal(encode(doubleMultiply(h, minusA, s, BASE)), r);
}

let native = null;
const imported = new Map(); // a log repeats few keys many times
const MOST_IMPORTED = 1024;

async function importKey(key) {
  const name = toHex(key);
  if (native === false || imported.has(name)) return imported.get(name) ?? null;
  try {
    const made = await crypto.subtle.importKey("raw", key, "Ed25519", false, ["verify"]);
    if (imported.size >= MOST_IMPORTED) imported.clear();
    imported.set(name, made);
    native = true;
    return made;
  } catch (error) {
    if (error.name === "NotSupportedError") native = false;
    return null; // a point off the curve fails here too; our own code then says so
  }
}

/** Whether `signature` over `message` is by the holder of `key` (32 bytes). */
export async function verifyEd25519(key, signature, message) {
  if (!wellFormed(key, signature)) return false;
  const handle = await importKey(key);
  if (handle === null) return verifyOwn(key, signature, message);
  return crypto.subtle.verify("Ed25519", handle, signature, message);
}
