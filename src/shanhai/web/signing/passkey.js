/* Passkeys: made once, and asked for one gesture over all acts of a decision. The challenge is the
 * RFC 6962 root over the acts' signed bytes (frozen rule 11); the user must be verified.
 * Source: W3C Web Authentication Level 3. */

import { refuse, toBase64url, toHex } from "./bytes.js";
import { PASSKEY } from "./blocks.js";
import { leafHash, pathTo, rootOf } from "./merkle.js";
import { pointFromSpki } from "./p256.js";

/** Make a passkey for `rp` = {id, name} and the user's shown name. */
export async function createPasskey({ rp, user }) {
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
  return {
    alg: PASSKEY,
    publicKey: pointFromSpki(new Uint8Array(spki)),
    credential: new Uint8Array(rawId),
    rp: rp.id,
  };
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
      refuse(
        "没有签名：您取消了验证，或已超时；可以再试一次",
        "Not signed: you cancelled or it timed out; try again",
        "gesture.cancelled",
      );
    }
    if (error.name === "SecurityError") {
      refuse(
        "此网址不能使用通行密钥，请从登记的网址打开",
        "Passkeys do not work at this address; open the registered one",
        "gesture.origin",
      );
    }
    throw error;
  }
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
  if ((auth[32] & 5) !== 5)
    refuse("通行密钥未验证本人", "The passkey did not verify its user", "signature.user");
  const [sig, client] = [response.signature, response.clientDataJSON].map((part) => new Uint8Array(part));
  return { alg: PASSKEY, auth: toBase64url(auth), client: toBase64url(client), sig: toBase64url(sig) };
}

/** Sign all messages in one gesture; each block says where its act stands. */
export async function signByGesture(row, messages) {
  const leaves = await Promise.all(messages.map(leafHash));
  const block = await assert(row, await rootOf(leaves));
  if (leaves.length === 1) return [block];
  return Promise.all(
    leaves.map(async (_, index) => {
      const path = (await pathTo(index, leaves)).map(toHex);
      return { ...block, ...(index && { index }), path, size: leaves.length };
    }),
  );
}
