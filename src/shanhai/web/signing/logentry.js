/* One entry of a log held against all before it: index, time, window, ledger, act id, seen checkpoint,
 * signature. Keys and addresses are those that the log itself registers. */

import { fromBase64url, refuse, toHex } from "./bytes.js";
import { kidOf, verifyBare, verifyBlock } from "./blocks.js";
import { parseCanonical } from "./canonical.js";
import { actId, checkShape, parseBody, parseReceipt, signedBytes, unpackEntry } from "./entry.js";
import { Tree, leafHash, sha256 } from "./merkle.js";
import { must } from "./verdict.js";

const EARLY_MS = 5 * 60_000;
const WINDOW_MS = 15 * 60_000;
const FOUNDER = { alg: "string", kid: "string", sig: "string" };

export class LogState {
  constructor(header) {
    this.header = header;
    this.tree = new Tree();
    this.keys = new Map();
    this.acts = new Set();
    this.time = 0;
    this.web = null;
  }

  /** Take the next leaf; throws a Refusal that says what is wrong with it. */
  async add(leaf) {
    const parts = unpackEntry(leaf);
    const [body, receipt] = [parseBody(parts.body), parseReceipt(parts.receipt)];
    must(receipt.index === this.tree.size, "序号不连续", "The index does not follow");
    must(receipt.time_ms >= this.time, "时间倒退", "Time runs backwards");
    const id = await actId(parts.body);
    must(!this.acts.has(id), "同一办理重复入账", "The same act was entered twice");
    if (this.tree.size === 0) await this.found(parts, body, leaf);
    else await this.judge(parts, body, receipt);
    await this.register(body.payload);
    await this.tree.append(await leafHash(leaf));
    this.acts.add(id);
    this.time = receipt.time_ms;
  }

  /** Entry 0: its hash is the ledger's id, and every founding key signed it. */
  async found(parts, body, leaf) {
    const { ledger, genesis } = this.header;
    const same = toHex(await sha256(parts.body)) === ledger && toHex(await leafHash(leaf)) === genesis;
    must(same && body.ledger === "", "创世记录与文件首行不符", "Genesis does not match the file's header");
    const { rp_id, web_origins } = body.payload;
    this.web = rp_id && web_origins ? { rp_id, origins: web_origins } : null;
    await this.register(body.payload);
    const founders = parseCanonical(parts.signature);
    const whole = Array.isArray(founders) && founders.length === this.keys.size;
    must(whole && founders.length > 0, "不是每把创始密钥都签了名", "Not every founding key signed");
    let last = "";
    for (const founder of founders) {
      const { alg, kid, sig } = checkShape(founder, FOUNDER, [], "创始签名", "the founder's signature");
      const key = this.keys.get(kid);
      must(
        kid > last && key && key.alg === alg,
        "创始签名未按序或密钥不符",
        "Founders are out of order or of another key",
      );
      const message = signedBytes("", alg, kid, parts.body);
      must(
        await verifyBare(alg, key.publicKey, sig, message),
        "创始签名不成立",
        "A founder's signature does not hold",
      );
      last = kid;
    }
  }

  async judge(parts, body, receipt) {
    must(body.ledger === this.header.ledger, "属于另一本账", "It belongs to another ledger");
    const span = body.not_after_ms - body.made_ms;
    const within = receipt.time_ms >= body.made_ms - EARLY_MS && receipt.time_ms <= body.not_after_ms;
    must(span >= 0 && span <= WINDOW_MS && within, "不在签名有效期内", "Outside the signature's window");
    if (body.seen) {
      const { size, root } = body.seen;
      must(
        size <= this.tree.size && toHex(await this.tree.root(size)) === root,
        "所见检查点不是本账的",
        "The seen checkpoint is not of this log",
      );
    }
    if (!body.post) await this.register(body.payload); // a key offer is signed by the key it offers
    const key = this.keys.get(body.kid);
    must(key, "签名密钥未在账上登记", "The signing key is not registered in the log");
    const block = parseCanonical(parts.signature);
    const holds = await verifyBlock(block, parts.body, body.ledger, key, this.web);
    must(holds, "签名不成立", "The signature does not hold");
  }

  /** Learn every public key that a payload carries, under the id that follows from it. */
  async register(value) {
    if (value === null || typeof value !== "object") return;
    if (typeof value.alg === "string" && typeof value.public === "string") {
      const publicKey = fromBase64url(value.public);
      const kid = await kidOf(publicKey);
      if (!this.keys.has(kid)) this.keys.set(kid, { alg: value.alg, kid, publicKey });
    }
    for (const inner of Object.values(value)) await this.register(inner);
  }
}

/** Refuse a header of another format or of an SM ledger, which a browser cannot verify. */
export function checkHeader(header) {
  checkShape(
    header,
    { genesis: "string", ledger: "string", origin: "string", suite: "string" },
    [],
    "文件首行",
    "the header",
  );
  if (header.suite !== "intl") {
    refuse(
      "国密账不在浏览器中核验，请用 shanhai verify",
      "SM ledgers are not verified in a browser; use shanhai verify",
      "suite.sm",
    );
  }
  return header;
}
