/* Bytes and their few spellings: UTF-8, lower-case hex, base64url without padding (frozen rule 3).
 * Every reader compares with the re-encoding, so that one value has one spelling. */

/** A refusal with a sentence in Chinese and in English. */
export class Refusal extends Error {
  constructor(zh, en, code = "") {
    super(en);
    this.zh = zh;
    this.en = en;
    this.code = code;
  }
}

/** Throw a Refusal; an expression, so that it can stand where a value stands. */
export function refuse(zh, en, code = "") {
  throw new Refusal(zh, en, code);
}

/** Turn any thrown value into a Refusal, so that a page always has both sentences. */
export function asRefusal(error) {
  if (error instanceof Refusal) return error;
  const detail = error && error.message ? error.message : String(error);
  return new Refusal(`浏览器出错：${detail}`, `The browser failed: ${detail}`);
}

export function utf8(text) {
  return new TextEncoder().encode(text);
}

/** Decode UTF-8; a malformed sequence or a byte-order mark is refused or kept, never repaired. */
export function fromUtf8(bytes) {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return refuse("内容不是 UTF-8 文本", "The content is not UTF-8 text");
  }
}

export function concat(...parts) {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

export function equal(a, b) {
  return a.length === b.length && a.every((byte, i) => byte === b[i]);
}

export function toHex(bytes) {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** Read lower-case hex of exactly `length` bytes. */
export function fromHex(text, length) {
  if (typeof text !== "string" || text.length !== 2 * length || !/^[0-9a-f]*$/.test(text)) {
    refuse("十六进制摘要格式不正确", "Not lower-case hex of the expected length");
  }
  return Uint8Array.from({ length }, (_, i) => parseInt(text.slice(2 * i, 2 * i + 2), 16));
}

/** Standard base64 with padding, as signed notes and proof files write it. */
export function toBase64(bytes) {
  let binary = "";
  for (let at = 0; at < bytes.length; at += 8192) {
    binary += String.fromCharCode(...bytes.subarray(at, at + 8192));
  }
  return btoa(binary);
}

export function fromBase64(text) {
  let bytes;
  try {
    bytes = Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
  } catch {
    refuse("base64 编码不正确", "Not base64");
  }
  if (toBase64(bytes) !== text) refuse("base64 编码不规范", "Not canonical base64");
  return bytes;
}

/** base64url without padding, as every JSON field writes binary. */
export function toBase64url(bytes) {
  return toBase64(bytes).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
}

export function fromBase64url(text) {
  if (typeof text !== "string" || !/^[A-Za-z0-9_-]*$/.test(text)) {
    refuse("base64url 编码不正确", "Not base64url");
  }
  const padded = text.replace(/-/g, "+").replace(/_/g, "/") + "=".repeat((4 - (text.length % 4)) % 4);
  return fromBase64(padded);
}

/** Read a big-endian unsigned integer of 1 to 6 bytes at `at`. */
export function readUint(bytes, at, length) {
  if (at + length > bytes.length) refuse("内容不完整，提前结束", "The content ends too early");
  return bytes.subarray(at, at + length).reduce((value, byte) => value * 256 + byte, 0);
}

/** Write a big-endian unsigned integer into `length` bytes. */
export function uint(value, length) {
  return Uint8Array.from({ length }, (_, i) => Math.floor(value / 256 ** (length - 1 - i)) % 256);
}
