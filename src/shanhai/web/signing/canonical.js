/* Canonical JSON: RFC 8785 restricted to sorted ASCII keys, integers within ±(2^53 − 1), no null.
 * Our own parser, because JSON.parse keeps the last of two equal keys, accepts 1.0, 1e0 and -0 and
 * rounds long integers: the officer would read one value and sign another. */

import { fromUtf8, refuse, utf8 } from "./bytes.js";

const MAX_DEPTH = 12;
const KEY = /"([ !#-[\]-~]*)"/y;
const INTEGER = /-?(?:0|[1-9][0-9]{0,15})(?![0-9.eE])/y;
const PLAIN = /[^"\\\u0000-\u001f\u007f]+/y;
const ESCAPED = /\\(["\\])/y; // control characters are refused, so nothing else needs an escape

function wrong(at, zh, en) {
  refuse(`第 ${at} 个字符处：${zh}；不予采用`, `At character ${at}: ${en}; refused`, "bytes.not_canonical");
}

class Reader {
  constructor(text) {
    this.text = text;
    this.at = 0;
  }

  match(pattern) {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text);
    if (found) this.at = pattern.lastIndex;
    return found;
  }

  take(token) {
    if (!this.text.startsWith(token, this.at)) return false;
    this.at += token.length;
    return true;
  }

  need(token) {
    if (!this.take(token)) wrong(this.at, `此处应为 ${token}`, `expected ${token}`);
  }

  value(depth) {
    if (depth > MAX_DEPTH) wrong(this.at, "嵌套过深", "nested too deeply");
    if (this.take("{")) return this.object(depth);
    if (this.take("[")) return this.array(depth);
    if (this.take('"')) return this.string();
    if (this.take("true")) return true;
    if (this.take("false")) return false;
    return this.integer();
  }

  integer() {
    const found = this.match(INTEGER);
    if (!found || found[0] === "-0") wrong(this.at, "不是规范的整数或值", "not a canonical integer or value");
    const value = Number(found[0]);
    if (!Number.isSafeInteger(value)) wrong(this.at, "整数超出范围", "integer out of range");
    return value;
  }

  string() {
    let text = "";
    while (!this.take('"')) {
      const part = this.match(PLAIN) ?? this.match(ESCAPED);
      if (!part)
        wrong(this.at, "文字含控制字符或不规范的转义", "a control character or a non-canonical escape");
      text += part[1] ?? part[0];
    }
    return text;
  }

  array(depth) {
    const items = [];
    if (this.take("]")) return items;
    do items.push(this.value(depth + 1));
    while (this.take(","));
    this.need("]");
    return items;
  }

  object(depth) {
    const fields = Object.create(null);
    let last = null;
    if (this.take("}")) return fields;
    do {
      const found = this.match(KEY);
      if (!found) wrong(this.at, "字段名须为 ASCII", "a field name must be ASCII");
      if (last !== null && found[1] <= last) {
        wrong(this.at, `字段 ${found[1]} 重复或未按序`, `field ${found[1]} is repeated or out of order`);
      }
      this.need(":");
      fields[(last = found[1])] = this.value(depth + 1);
    } while (this.take(","));
    this.need("}");
    return fields;
  }
}

/** Parse canonical bytes; anything that is not the one spelling of its value is refused. */
export function parseCanonical(bytes) {
  const text = fromUtf8(bytes);
  const reader = new Reader(text);
  const value = reader.value(0);
  if (reader.at !== text.length) wrong(reader.at, "后面还有多余内容", "there is more after the value");
  if (canonical(value) !== text) wrong(0, "重新编码后不一致", "it re-encodes differently");
  return value;
}

function quoted(text) {
  if (/[\u0000-\u001f\u007f]/.test(text) || !text.isWellFormed()) {
    refuse("文字含控制字符", "The text holds a control character", "value.control");
  }
  return `"${text.replace(/["\\]/g, "\\$&")}"`;
}

/** Return the canonical text of strings, safe integers, booleans, arrays and objects of these. */
export function canonical(value) {
  if (typeof value === "string") return quoted(value);
  if (typeof value === "boolean" || Number.isSafeInteger(value)) return String(value);
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (value === null || typeof value !== "object") {
    return refuse("规范编码不收此类值", "Canonical JSON has no such value");
  }
  const keys = Object.keys(value).sort();
  return `{${keys.map((key) => quoted(key) + ":" + canonical(value[key])).join(",")}}`;
}

export function canonicalBytes(value) {
  return utf8(canonical(value));
}
