/* Values in words, straight from the signed value: fen as yuan, epoch ms as Beijing time, characters
 * that would mislead the eye made visible. */

import { refuse } from "./bytes.js";
import { say } from "./dom.js";

const MISLEADING =
  /[\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\u{e0000}-\u{e007f}]/gu;
const HOURS_8 = 8 * 3600 * 1000;

/** Show direction overrides and invisible characters as their code. */
export function visible(text) {
  return text.replace(MISLEADING, (char) => `⟨U+${char.codePointAt(0).toString(16).toUpperCase()}⟩`);
}

function grouped(digits) {
  return digits.replace(/\B(?=(\d{3})+$)/g, ",");
}

/** 123456789 fen → "1,234,567.89 元". */
export function money(fen) {
  const [sign, whole] = fen < 0 ? ["-", -fen] : ["", fen];
  const text = `${sign}${grouped(String(Math.floor(whole / 100)))}.${String(whole % 100).padStart(2, "0")}`;
  return say(`${text} 元`, `CNY ${text}`);
}

/** Fen in 万元, exact, or "" below one 万元 and in English. */
export function wan(fen) {
  if (fen < 1e6) return "";
  const rest = String(fen % 1e6)
    .padStart(6, "0")
    .replace(/0+$/, "");
  const text = grouped(String(Math.floor(fen / 1e6))) + (rest && `.${rest}`);
  return say(`${text} 万元`, "");
}

/** Epoch ms as Beijing time, whatever the machine's own zone is. */
export function time(ms) {
  if (ms > 8.64e15 - HOURS_8) return String(ms);
  const text = new Date(ms + HOURS_8).toISOString().slice(0, 19).replace("T", " ");
  return say(`${text}（北京时间）`, `${text} (UTC+8)`);
}

/** A hash in groups of eight, so that two can be compared by eye. */
export function hash(text) {
  return text.replace(/.{8}(?=.)/g, "$& ");
}

/** Minutes and seconds left. */
export function countdown(ms) {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  const text = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
  return say(`剩余 ${text}`, `${text} left`);
}

const WHOLE = (value) => Number.isSafeInteger(value);
const WORDS = (value) => typeof value === "string";
const LIST = (value) => Array.isArray(value);
const TYPES = {
  amount: WHOLE,
  count: WHOLE,
  permille: WHOLE,
  moment: WHOLE,
  region: WORDS,
  digest: WORDS,
  commitment: WORDS,
  ref: WORDS,
  choice: WORDS,
  word: WORDS,
  flag: (value) => typeof value === "boolean",
  refs: LIST,
  words: LIST,
  rows: LIST,
};
const ALIASES = { fen: "amount", ms: "moment", text: "word" };

/** The kind of a field in the machine's words, after checking that the value is of that kind. */
export function kindOf(name, spec, value) {
  const kind = ALIASES[spec.kind] ?? spec.kind;
  if (!Object.hasOwn(TYPES, kind) || !TYPES[kind](value)) {
    refuse(
      `字段 ${name} 的值与其类型不符，不能签名`,
      `The value of field ${name} is not of its kind; it cannot be signed`,
      "field.kind",
    );
  }
  const strings = LIST(value) && kind !== "rows" && !value.every(WORDS);
  if (strings)
    refuse(
      `字段 ${name} 的清单含有非文字内容`,
      `The list ${name} holds something other than text`,
      "field.kind",
    );
  return kind;
}
