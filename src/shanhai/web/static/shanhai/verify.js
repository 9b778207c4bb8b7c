/* The verify button of a timeline: proves the entry in place, in words, with the static bundle.
 * Without script the button is a link to the proof page. The bundle is fetched at the first press. */

const shapes = document.getElementById("verify-shapes");
const english = document.documentElement.lang.startsWith("en");
let tools = null;

/** The bundle, and what this ledger's proofs are compared with. */
function load() {
  tools ??= Promise.all([
    import(new URL(shapes.dataset.bundle, location.href)),
    fetch(shapes.dataset.trust).then((answer) => answer.json()),
  ]);
  return tools;
}

const shape = (state) => shapes.content.querySelector(`.proof--${state}`).cloneNode(true);

function fill(box, sentence, { checks }, checkList) {
  const words = document.createElement("p");
  words.textContent = sentence;
  const fold = document.createElement("details");
  const title = document.createElement("summary");
  const good = checks.filter(({ ok }) => ok).length;
  const open = checks.filter(({ ok }) => ok === null).length;
  title.textContent = english
    ? `${good} checks hold, ${open} things not proved`
    : `${good} 项成立，${open} 项未证明`;
  fold.append(title, checkList(checks));
  fold.open = checks.some(({ ok }) => ok === false);
  box.querySelector(".proof__body").replaceChildren(words, fold);
}

function said({ receipt, proof, body }) {
  if (!receipt || !body) return english ? "The proof file could not be read." : "证明文件无法读取。";
  const { size } = proof.checkpoint;
  return english
    ? `Entry ${receipt.index} stands, unchanged, in the ledger of ${size} entries; the path leads to the signed root.`
    : `第 ${receipt.index} 条在 ${size} 条的账本之中，内容未被改动；路径通向签名的根。`;
}

async function prove(ref) {
  const [bundle, trust] = await load();
  const { proof, consistency } = shapes.dataset;
  const result = await bundle.verifyHere({ ...trust, proof_url: proof + ref, consistency });
  const { verdict } = result;
  const box = shape(verdict.ok ? "held" : "broken");
  const failed = english ? "This proof does not hold." : "这份证明不成立。";
  fill(box, verdict.ok ? said(result) : failed, verdict, bundle.checkList);
  return box;
}

function broken(error) {
  const box = shape("unknown");
  const words = error.zh ? (english ? error.en : error.zh) : String(error.message ?? error);
  box.querySelector(".proof__body").textContent = words;
  return box;
}

async function press(event) {
  const link = event.target.closest("a[data-verify]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  const home = link.closest(".event") ?? link.parentElement;
  home.querySelector(":scope > .proof")?.remove();
  let box = shape("checking");
  home.append(box);
  const done = await prove(link.dataset.verify).catch(broken);
  done.querySelector("a.btn")?.setAttribute("href", link.href);
  box.replaceWith(done);
  done.tabIndex = -1;
  done.focus({ preventScroll: true });
}

if (shapes) document.addEventListener("click", press);
