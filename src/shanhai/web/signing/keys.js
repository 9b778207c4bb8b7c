/* Keys of this browser: passkeys, and WebCrypto keys that cannot be exported. SM2 is never signed in
 * JavaScript: a national-crypto key lives in a UKey or on a server. */

import { concat, refuse, toBase64url, toHex } from "./bytes.js";
import { ED25519, P256, PASSKEY, kidOf } from "./blocks.js";
import { leafHash, pathTo, rootOf } from "./merkle.js";
import { pointFromSpki } from "./p256.js";
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

async function createPasskey({ rp, user }) {
  const publicKey = {
    rp,
    user: { id: crypto.getRandomValues(new Uint8Array(32)), name: user, displayName: user },
    challenge: crypto.getRandomValues(new Uint8Array(32)),
    pubKeyCredParams: [{ type: "public-key", alg: -7 }],
    authenticatorSelection: { residentKey: "preferred", userVerification: "required" },
    attestation: "none",
  };
  const { rawId, response } = await asked(() => navigator.credentials.create({ publicKey }));
  const spki = response.getPublicKey();
  if (response.getPublicKeyAlgorithm() !== -7 || spki === null) {
    refuse("通行密钥不支持 P-256", "The passkey does not support P-256");
  }
  return { alg: PASSKEY, publicKey: pointFromSpki(new Uint8Array(spki)), credential: new Uint8Array(rawId), rp: rp.id };
}

/** Ask for a passkey gesture; the browser's own errors become sentences that say how to go on. */
async function asked(gesture) {
  if (!globalThis.PublicKeyCredential) {
    refuse("本浏览器不支持通行密钥，请改用浏览器密钥", "This browser has no passkeys; use a browser key");
  }
  try {
    return await gesture();
  } catch (error) {
    if (error.name === "NotAllowedError") {
      refuse("没有签名：您取消了验证，或已超时；可以再试一次", "Not signed: you cancelled or it timed out; try again", "gesture.cancelled");
    }
    if (error.name === "SecurityError") {
      refuse("此网址不能使用通行密钥，请从登记的网址打开", "Passkeys do not work at this address; open the registered one", "gesture.origin");
    }
    throw error;
  }
}

/** Make a key and keep it. `kind`: "browser", "ed25519", "p256" or "passkey" (with {rp, user}).
 * Returns {kid, alg, publicKey}, the public key in base64url. */
export async function createKey(kind, options = {}) {
  if (kind === "sm2" || kind === "sm2-sm3" || options.suite === "sm") {
    refuse("国密账不在网页中签名：请用 UKey 或单位服务器上的 SM2 密钥", "SM ledgers are never signed in a web page: use a UKey or your organisation's server-held SM2 key", "suite.sm");
  }
  const made = kind === "passkey" ? await createPasskey(options)
    : kind === "browser" ? await generateBest() : await generate(kind);
  const kid = await kidOf(made.publicKey);
  await keyTable.put({ ...made, kid, created_ms: Date.now() });
  return { kid, alg: made.alg, publicKey: toBase64url(made.publicKey) };
}

/** The keys of this browser, oldest first, without their handles. */
export async function listKeys() {
  const rows = await keyTable.all();
  rows.sort((a, b) => a.created_ms - b.created_ms || (a.kid < b.kid ? -1 : 1));
  return rows.map(({ kid, alg, publicKey, created_ms }) => ({ kid, alg, created_ms, publicKey: toBase64url(publicKey) }));
}

async function assert(row, challenge) {
  const publicKey = {
    challenge,
    rpId: row.rp,
    allowCredentials: [{ type: "public-key", id: row.credential }],
    userVerification: "required",
  };
  const { response } = await asked(() => navigator.credentials.get({ publicKey }));
  const auth = new Uint8Array(response.authenticatorData);
  if ((auth[32] & 5) !== 5) refuse("通行密钥未验证本人", "The passkey did not verify its user", "signature.user");
  const [sig, client] = [response.signature, response.clientDataJSON].map((part) => new Uint8Array(part));
  return { alg: PASSKEY, auth: toBase64url(auth), client: toBase64url(client), sig: toBase64url(sig) };
}

async function signByGesture(row, messages) {
  const leaves = await Promise.all(messages.map(leafHash));
  const block = await assert(row, await rootOf(leaves));
  if (leaves.length === 1) return [block];
  return Promise.all(leaves.map(async (_, index) => {
    const path = (await pathTo(index, leaves)).map(toHex);
    return { ...block, ...(index && { index }), path, size: leaves.length };
  }));
}

/** Sign each of `messages` (the acts' signed bytes) and return a block for each; a passkey asks for
 * one gesture over all of them. */
export async function sign(kid, messages) {
  const row = await keyTable.get(kid);
  if (!row) refuse("本浏览器没有这把密钥，请换到登记时的设备", "This browser does not hold that key; use the device it was registered on", "key.elsewhere");
  if (row.alg === PASSKEY) return signByGesture(row, messages);
  return Promise.all(messages.map(async (message) => {
    const made = new Uint8Array(await crypto.subtle.sign(WEBCRYPTO[row.alg], row.handle, concat(message)));
    return { alg: row.alg, sig: toBase64url(made) };
  }));
}
