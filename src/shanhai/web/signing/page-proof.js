/* <shanhai-proof>: verifies one entry's proof in the visitor's browser and says the result in words.
 * It holds one <script type="application/json"> with the configuration that README.md describes.
 * `verifyHere` does the same for a page that shows the result its own way. */

import { asRefusal, refuse, toHex, utf8 } from "./bytes.js";
import { h, panel, say, show } from "./dom.js";
import { proveFile } from "./prove.js";
import { report } from "./report.js";
import { seenTable } from "./store.js";
import { adoptStyle } from "./style.js";
import { parseProof } from "./tlogproof.js";

export { checkList } from "./dom.js";
export { proveFile } from "./prove.js";

async function text(url) {
  const answer = await fetch(url);
  if (!answer.ok) refuse("取不到证明文件，请稍后再试", "The proof file cannot be fetched; try again later");
  return answer.text();
}

/** The checkpoint this browser verified last for the ledger, with the path from it to this one. */
async function remembered(config, checkpoint) {
  const row = await seenTable.get(config.ledger);
  if (!row) return null;
  if (row.vkey !== config.vkey)
    refuse(
      "账本的核验公钥与本浏览器上次所见不同，请先核实",
      "The ledger's verifier key is not the one this browser saw before; ask first",
    );
  if (row.size === checkpoint.size) return row;
  const [from, to] = [row.size, checkpoint.size].sort((a, b) => a - b);
  const answer = config.consistency
    ? await fetch(`${config.consistency}?from=${from}&to=${to}`)
    : { ok: false };
  if (answer.ok) return { ...row, path: (await answer.json()).path };
  if (to === checkpoint.size) return row;
  return refuse(
    `账本只有 ${from} 条，本浏览器上次核验时有 ${to} 条，且给不出两者相连的证明；请报告审计`,
    `The ledger has ${from} entries, this browser verified ${to} before, and no proof joins the two; tell the auditors`,
    "ledger.fork",
  );
}

/** A key that only this page vouches for: what a visitor sees the first time is worth the page's word. */
function nameSource(verdict, config, anchor) {
  if (!config.vkey || anchor) return;
  verdict.lacks(
    "SELF-ASSERTED",
    "核验公钥由本站给出，本浏览器第一次见到",
    "the verifier key comes from this site, and this browser sees it for the first time",
    [
      `请与公告或盖章件上的公钥比对：${config.vkey}`,
      `Compare it with the key on a printed notice: ${config.vkey}`,
    ],
  );
}

/** Verify a proof with what this browser remembers, and remember the checkpoint if it holds. */
export async function verifyHere(config) {
  const bytes = utf8(config.proof ?? (await text(config.proof_url)));
  const { checkpoint } = parseProof(bytes);
  const anchor = config.anchor ?? (config.ledger ? await remembered(config, checkpoint) : null);
  const result = await proveFile(bytes, { ...config, anchor });
  nameSource(result.verdict, config, anchor);
  const newer = !anchor || checkpoint.size > anchor.size;
  if (result.verdict.ok && newer && config.ledger && config.vkey) {
    const { ledger, vkey } = config;
    await seenTable.put({ ledger, vkey, size: checkpoint.size, root: toHex(checkpoint.root) });
  }
  return result;
}

class ProofPage extends HTMLElement {
  async connectedCallback() {
    adoptStyle();
    const config = JSON.parse(this.querySelector("script").textContent);
    this.replaceChildren(
      h("p", { role: "status" }, say("正在本浏览器中核验……", "Verifying in this browser …")),
    );
    try {
      const result = await verifyHere(config);
      show(this, report(result, config.act));
      this.dataset.verdict = result.verdict.ok ? "ok" : "failed";
    } catch (error) {
      const { zh, en } = asRefusal(error);
      show(this, panel("bad", say("无法核验", "Cannot be verified"), h("p", {}, say(zh, en))));
    }
    this.dataset.ready = "";
  }
}

customElements.define("shanhai-proof", ProofPage);
