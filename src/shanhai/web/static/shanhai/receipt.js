// A receipt saved as a file, and its inclusion proof worked out in the sender's own browser.
(() => {
  "use strict";
  const bytes = (hex) => Uint8Array.from(hex.match(/../g) ?? [], (pair) => parseInt(pair, 16));
  const hex = (raw) => Array.from(raw, (byte) => byte.toString(16).padStart(2, "0")).join("");
  const data = (id) => JSON.parse(document.getElementById(id).textContent);

  /** H(0x01 ‖ left ‖ right), RFC 6962 section 2.1. */
  const above = async (left, right) => {
    const joined = new Uint8Array(1 + left.length + right.length);
    joined[0] = 1;
    joined.set(left, 1);
    joined.set(right, 1 + left.length);
    return new Uint8Array(await crypto.subtle.digest("SHA-256", joined));
  };

  /** The root that a path leads to, RFC 9162 section 2.1.3.2; null where the path does not fit. */
  const rootOf = async (proof) => {
    let node = proof.position, last = proof.size - 1, root = bytes(proof.leaf);
    for (const sibling of proof.path.map(bytes)) {
      if (last === 0) return null;
      if (node % 2 === 1 || node === last) {
        root = await above(sibling, root);
        while (node % 2 === 0 && node !== 0) {
          node = Math.floor(node / 2);
          last = Math.floor(last / 2);
        }
      } else {
        root = await above(root, sibling);
      }
      node = Math.floor(node / 2);
      last = Math.floor(last / 2);
    }
    return last === 0 ? hex(root) : null;
  };

  const check = async (words) => {
    const given = data("proof-data");
    if (given.suite !== "intl" || !globalThis.crypto?.subtle) {
      words.textContent = words.dataset.cannot;
      return;
    }
    const held = (await rootOf(given)) === given.root;
    const proof = words.closest(".proof");
    proof.querySelector(".proof__title").textContent = held ? words.dataset.title : words.dataset.broken;
    words.textContent = held ? words.dataset.held : "";
    proof.classList.replace("proof--unknown", held ? "proof--held" : "proof--broken");
  };

  const save = (button) => {
    const text = JSON.stringify(data(button.dataset.save), null, 2);
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([text], { type: "application/json" }));
    link.download = button.dataset.name;
    link.click();
    URL.revokeObjectURL(link.href);
  };

  document.addEventListener("click", (event) => {
    const button = event.target.closest?.("[data-save]");
    if (button) save(button);
  });
  const words = document.querySelector("[data-receipt-proof]");
  if (words) check(words);
})();
