// The review queue by keyboard; the links, boxes and buttons work without it.
(() => {
  "use strict";
  const root = document.querySelector("[data-review]");
  if (!root) return;
  const rows = () => [...root.querySelectorAll("[data-review-row]")];
  const boxes = () => [...root.querySelectorAll('input[name="ids"]')];
  const count = root.querySelector("[data-review-count]");

  const tell = () => {
    if (!count) return;
    const chosen = boxes().filter((box) => box.checked).length;
    count.textContent = chosen ? count.dataset.some.replace("{n}", chosen) : count.dataset.none;
    for (const row of rows()) row.toggleAttribute("data-chosen", row.querySelector("input")?.checked);
    const every = root.querySelector("[data-review-all]");
    every.checked = chosen > 0 && chosen === boxes().length;
    every.indeterminate = chosen > 0 && !every.checked;
  };

  const open = (row) => {
    for (const other of rows()) other.toggleAttribute("data-current", other === row);
    row.scrollIntoView({ block: "nearest" });
  };

  const step = (by) => {
    const all = rows();
    if (!all.length) return;
    const here = all.findIndex((row) => row.hasAttribute("data-current"));
    const next = all[Math.min(all.length - 1, Math.max(0, here < 0 ? 0 : here + by))];
    const link = next.querySelector("[data-review-open]");
    link.focus();
    link.click();
  };

  root.addEventListener("click", (event) => {
    const link = event.target.closest("[data-review-open]");
    if (link) open(link.closest("[data-review-row]"));
  });
  root.addEventListener("change", (event) => {
    if (event.target.matches("[data-review-all]")) for (const box of boxes()) box.checked = event.target.checked;
    tell();
  });
  document.addEventListener("keydown", (event) => {
    const typing = event.target.matches("input:not([type=checkbox]), textarea, select");
    if (typing || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "j") step(1);
    if (event.key === "k") step(-1);
    if (event.key === "x") {
      const box = root.querySelector("[data-current] input");
      if (box) { box.checked = !box.checked; tell(); }
    }
  });
  tell();
})();
