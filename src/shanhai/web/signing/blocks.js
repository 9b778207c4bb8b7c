/* Signature blocks: does a registered key's signature hold over this body?
 * Source: reference ledger format, section 4.2; W3C Web Authentication Level 3, section 7.2. */

import {
  concat,
  equal,
  fromBase64url,
  fromHex,
  fromUtf8,
  refuse,
  toBase64url,
  toHex,
  utf8,
} from "./bytes.js";
import { verifyEd25519 } from "./ed25519.js";
import { checkShape, signedBytes } from "./entry.js";
import { leafHash, rootFromPath, sha256 } from "./merkle.js";
import { rawFromDer, verifyP256 } from "./p256.js";

export const ED25519 = "ed25519";
export const P256 = "p256";
export const PASSKEY = "webauthn-p256";
const BLOCK = {
  alg: "string",
  auth: "string",
  client: "string",
  index: "number",
  path: "object",
  sig: "string",
  size: "number",
};
const PASSKEY_ONLY = ["auth", "client", "index", "path", "size"];

/** H("intl" ‖ 0x00 ‖ public key), hex: the name of a key (frozen rule 12). */
export async function kidOf(publicKey) {
  return toHex(await sha256(utf8("intl\u0000"), publicKey));
}

/** Check the fields of a signature block. */
export function checkBlock(block) {
  checkShape(block, BLOCK, PASSKEY_ONLY, "签名块", "the signature block");
  if ("path" in block && !Array.isArray(block.path))
    refuse("签名块的路径格式不正确", "The block's path is malformed");
  return block;
}

async function challengeOf(block, message) {
  const leaf = await leafHash(message);
  const path = (block.path ?? []).map((hash) => fromHex(hash, 32));
  if (block.size) {
    if (block.size < 2) refuse("批量签名的位置不对", "The place in the signed batch is wrong");
    return rootFromPath(leaf, block.index ?? 0, block.size, path);
  }
  if (block.index || path.length) refuse("批量签名的位置不对", "The place in the signed batch is wrong");
  return leaf;
}

function parseClient(bytes) {
  let client = null; // browsers add keys on purpose, so this JSON is read, not compared
  try {
    client = JSON.parse(fromUtf8(bytes));
  } catch {
    refuse("通行密钥的客户端数据不是 JSON", "The passkey's client data is no JSON");
  }
  const ok = client && client.type === "webauthn.get" && typeof client.challenge === "string";
  return ok ? client : refuse("通行密钥签的不是一次断言", "The passkey did not sign an assertion");
}

/** Check an assertion. `web` = {rp_id, origins} of the genesis; null where the genesis is not at hand,
 * and then the address is not checked. */
async function verifyPasskey(key, block, message, web) {
  const [auth, client] = [fromBase64url(block.auth ?? ""), fromBase64url(block.client ?? "")];
  const data = parseClient(client);
  if (data.challenge !== toBase64url(await challengeOf(block, message))) {
    refuse("通行密钥签的不是这份内容", "The passkey signed something else", "signature.challenge");
  }
  const home =
    web === null ||
    (web.origins.includes(data.origin) && equal(auth.subarray(0, 32), await sha256(utf8(web.rp_id))));
  if (!home || auth.length < 37 || data.crossOrigin === true) {
    refuse(
      "签名来自本账未登记的网址",
      "It was signed at an address that this ledger does not list",
      "signature.origin",
    );
  }
  if ((auth[32] & 5) !== 5)
    refuse("通行密钥未验证本人", "The passkey did not verify its user", "signature.user");
  return verifyP256(key, rawFromDer(fromBase64url(block.sig)), concat(auth, await sha256(client)));
}

/** Whether the block is a valid signature over `body` by `key` = {alg, kid, publicKey}.
 * Throws a Refusal that names the reason where there is one. */
export async function verifyBlock(block, body, ledger, key, web) {
  checkBlock(block);
  if (block.alg !== key.alg)
    refuse("签名算法与密钥登记不符", "The signature's algorithm is not the key's", "signature.algorithm");
  const message = signedBytes(ledger, key.alg, key.kid, body);
  if (key.alg === PASSKEY) return verifyPasskey(key.publicKey, block, message, web);
  if (PASSKEY_ONLY.some((name) => name in block)) {
    refuse(
      "签名块含有该算法不用的内容",
      "The block holds what this algorithm does not use",
      "signature.block",
    );
  }
  return verifyBare(key.alg, key.publicKey, block.sig, message);
}

/** Whether a bare base64url signature (founders, browser keys) holds. */
export async function verifyBare(alg, publicKey, sig, message) {
  const signature = fromBase64url(sig);
  if (alg === ED25519) return verifyEd25519(publicKey, signature, message);
  if (alg === P256) return verifyP256(publicKey, signature, message);
  return refuse(
    `浏览器不核验 ${alg} 签名；国密账请用 shanhai verify`,
    `A browser does not verify ${alg} signatures; for SM ledgers use shanhai verify`,
    "suite.sm",
  );
}
