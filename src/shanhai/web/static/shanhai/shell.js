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

  const DIGITS = "零壹贰叁肆伍陆柒捌玖";
  const PLACES = ["", "拾", "佰", "仟"];
  const GROUPS = ["", "万", "亿", "万亿"];

  const group = (value) => {
    let text = "";
    let zero = false;
    for (let place = 3; place >= 0; place -= 1) {
      const digit = Math.floor(value / 10 ** place) % 10;
      if (digit) text += (zero ? "零" : "") + DIGITS[digit] + PLACES[place];
      zero = digit === 0 && text !== "";
    }
    return text;
  };

  /** 人民币大写 of an amount in fen, word for word as the kernel's `money.capital` says it. */
  const capital = (fen) => {
    const whole = fen / FEN;
    const [jiao, cents] = [Number((fen / 10n) % 10n), Number(fen % 10n)];
    let text = "";
    let gap = false;
    for (let place = GROUPS.length - 1; place >= 0; place -= 1) {
      const part = Number((whole / 10000n ** BigInt(place)) % 10000n);
      if (part) text += (text && (gap || part < 1000) ? "零" : "") + group(part) + GROUPS[place];
      gap = part === 0 && text !== "";
    }
    text = whole ? `${text}元` : "";
    if (jiao) text += `${DIGITS[jiao]}角`;
    else if (cents && whole) text += "零";
    return `人民币${cents ? `${text}${DIGITS[cents]}分` : `${text || "零元"}整`}`;
  };

  const inWan = (fen) => {
    const part = String(fen % 1000000n).padStart(6, "0").replace(/0+$/, "");
    return grouped(String(fen / 1000000n)) + (part && `.${part}`);
  };

  const LARGEST = 10n ** 18n;

  const echoMoney = (input) => {
    const field = input.closest(".field");
    const unit = field.querySelector("[data-money-unit]");
    const wan = unit ? unit.value === "wan" : input.dataset.money === "wan";
    const fen = toFen(input.value, wan ? 6 : 2);
    const yuan = fen === null ? "" : `${grouped(String(fen / FEN))}.${String(fen % FEN).padStart(2, "0")}`;
    const echo = field.querySelector("[data-money-echo]");
    const english = document.documentElement.lang === "en";
    if (!yuan || fen >= LARGEST) echo.textContent = "";
    else if (english) echo.textContent = `= ${yuan} yuan = ${inWan(fen)} 万元 (ten thousand yuan)`;
    else echo.textContent = `= ${yuan} 元 = ${inWan(fen)} 万元，${capital(fen)}`;
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
