// The little that every page does in the browser; pages work without it.
(() => {
  "use strict";
  const FEN = 100n;
  const MONEY = /^\d{1,3}(,\d{3})*(\.\d+)?$|^\d+(\.\d+)?$/;

  const grouped = (digits) => digits.replace(/\B(?=(\d{3})+$)/g, ",");

  /** Exact fen of an amount as written, or null; `decimals` is 2 for 元 and 6 for 万元. */
  const toFen = (text, decimals) => {
    const plain = text.trim().replaceAll("，", ",");
    if (!MONEY.test(plain)) return null;
    const [whole, part = ""] = plain.replaceAll(",", "").split(".");
    if (part.length > decimals) return null;
    return BigInt(whole + part.padEnd(decimals, "0"));
  };

  const echoMoney = (input) => {
    const field = input.closest(".field");
    const unit = field.querySelector("[data-money-unit]");
    const wan = unit ? unit.value === "wan" : input.dataset.money === "wan";
    const fen = toFen(input.value, wan ? 6 : 2);
    const yuan = fen === null ? "" : `${grouped(String(fen / FEN))}.${String(fen % FEN).padStart(2, "0")}`;
    const echo = field.querySelector("[data-money-echo]");
    const english = document.documentElement.lang === "en";
    echo.textContent = yuan && (english ? `= ${yuan} yuan` : `= ${yuan} 元`);
  };

  const onInput = (event) => {
    const field = event.target.closest?.(".field");
    const input = field?.querySelector("[data-money]");
    if (input) echoMoney(input);
  };

  const onClick = async (event) => {
    const copy = event.target.closest?.("[data-copy]");
    if (copy) {
      await navigator.clipboard.writeText(copy.dataset.copy);
      copy.dataset.done = "";
    }
    if (event.target.closest?.("[data-print]")) window.print();
    for (const menu of document.querySelectorAll("details.menu[open]")) {
      if (!menu.contains(event.target)) menu.open = false;
    }
  };

  const onKey = (event) => {
    if (event.key === "Escape") {
      for (const menu of document.querySelectorAll("details.menu[open]")) menu.open = false;
    }
    const typing = event.target.matches?.("input, textarea, select, [contenteditable]");
    if (event.key === "/" && !typing) {
      const search = document.querySelector("[data-search]");
      if (search) {
        event.preventDefault();
        search.focus();
      }
    }
  };

  const ready = (root) => {
    root.querySelector?.("[data-focus]")?.focus();
    for (const input of root.querySelectorAll?.("[data-money]") ?? []) echoMoney(input);
  };

  document.addEventListener("input", onInput);
  document.addEventListener("change", onInput);
  document.addEventListener("click", onClick);
  document.addEventListener("keydown", onKey);
  document.addEventListener("htmx:after:swap", (event) => ready(event.target));
  ready(document);
})();
