/* Keys of this browser: passkeys, and WebCrypto keys that cannot be exported. SM2 is never signed in
 * JavaScript: a national-crypto key lives in a UKey or on a server. */

import { concat, fromBase64url, fromHex, refuse, toBase64url, utf8 } from "./bytes.js";
import { ED25519, P256, PASSKEY, kidOf } from "./blocks.js";
import { createPasskey, signByGesture } from "./passkey.js";
import { keyTable } from "./store.js";

const ECDSA = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };
const WEBCRYPTO = { [ED25519]: "Ed25519", [P256]: ECDSA };

async function generate(alg) {
  const pair = await crypto.subtle.generateKey(WEBCRYPTO[alg], false, ["sign", "verify"]);
  const raw = new Uint8Array(await crypto.subtle.exportKey("raw", pair.publicKey));
  return { alg, publicKey: raw, handle: pair.privateKey };
}

/** Ed25519 where the browser has it, otherwise P-256; found out by trying. */
async function generateBest() {
  try {
    return await generate(ED25519);
  } catch (error) {
    if (error.name !== "NotSupportedError") throw error;
    return generate(P256);
  }
}

/** Make a key and keep it. `kind`: "browser", "ed25519", "p256" or "passkey" (with {rp, user}).
 * Returns {kid, alg, publicKey}, the public key in base64url. */
export async function createKey(kind, options = {}) {
  if (kind === "sm2" || kind === "sm2-sm3" || options.suite === "sm") {
    refuse(
      "国密账不在网页中签名：请用 UKey 或单位服务器上的 SM2 密钥",
      "SM ledgers are never signed in a web page: use a UKey or your organisation's server-held SM2 key",
      "suite.sm",
    );
  }
  const made =
    kind === "passkey"
      ? await createPasskey(options)
      : kind === "browser"
        ? await generateBest()
        : await generate(kind);
  const kid = await kidOf(made.publicKey);
  await keyTable.put({ ...made, kid, created_ms: Date.now() });
  return { kid, alg: made.alg, publicKey: toBase64url(made.publicKey) };
}

/* What PKCS #8 puts before an Ed25519 seed (RFC 8410). */
const BEFORE_SEED = fromHex("302e020100300506032b657004220420", 16);

/** Keep a founder's key, handed over as the hex of its seed, as a handle that cannot be exported again.
 * `publicKey` (base64url) is the ledger's; a seed of another key is refused. */
export async function adoptSeed(hex, publicKey) {
  const seed = fromHex(hex.trim(), 32);
  const raw = fromBase64url(publicKey);
  const handle = await crypto.subtle.importKey("pkcs8", concat(BEFORE_SEED, seed), "Ed25519", false, ["sign"]);
  const verifier = await crypto.subtle.importKey("raw", raw, "Ed25519", false, ["verify"]);
  const probe = utf8("shanhai/adopt");
  const made = await crypto.subtle.sign("Ed25519", handle, probe);
  if (!(await crypto.subtle.verify("Ed25519", verifier, made, probe))) {
    refuse("这不是本密钥的种子，请核对文件", "This seed is of another key; check the file");
  }
  const kid = await kidOf(raw);
  await keyTable.put({ alg: ED25519, publicKey: raw, handle, kid, created_ms: Date.now() });
  return kid;
}

/** The keys of this browser, oldest first, without their handles. */
export async function listKeys() {
  const rows = await keyTable.all();
  rows.sort((a, b) => a.created_ms - b.created_ms || (a.kid < b.kid ? -1 : 1));
  return rows.map(({ kid, alg, publicKey, created_ms }) => ({
    kid,
    alg,
    created_ms,
    publicKey: toBase64url(publicKey),
  }));
}

/** Sign each of `messages` (the acts' signed bytes) and return a block for each; a passkey asks for
 * one gesture over all of them. */
export async function sign(kid, messages) {
  const row = await keyTable.get(kid);
  if (!row)
    refuse(
      "本浏览器没有这把密钥，请换到登记时的设备",
      "This browser does not hold that key; use the device it was registered on",
      "key.elsewhere",
    );
  if (row.alg === PASSKEY) return signByGesture(row, messages);
  return Promise.all(
    messages.map(async (message) => {
      const made = new Uint8Array(await crypto.subtle.sign(WEBCRYPTO[row.alg], row.handle, concat(message)));
      return { alg: row.alg, sig: toBase64url(made) };
    }),
  );
}
