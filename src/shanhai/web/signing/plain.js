/* A signed value without a page's labels: names as they stand in the bytes, `…_fen` as yuan and
 * `…_ms` as Beijing time beside the number itself. */

import { fold, h, pick, say } from "./dom.js";
import { hash, money, time, visible } from "./values.js";

function scalar(name, value) {
  if (Number.isSafeInteger(value) && name.endsWith("_fen")) return `${money(value)} (${value})`;
  if (Number.isSafeInteger(value) && name.endsWith("_ms")) return time(value);
  return visible(String(value));
}

function list(name, items, labels) {
  return h(
    "ul",
    { class: "sh-plain" },
    items.map((item) => h("li", {}, plain(name, item, labels))),
  );
}

/** Render any value of canonical JSON; `labels` = {field: [zh, en]} where the reader has them. */
export function plain(name, value, labels = {}) {
  if (Array.isArray(value)) return list(name, value, labels);
  if (typeof value !== "object") return h("span", {}, scalar(name, value));
  return h(
    "dl",
    { class: "sh-answers" },
    Object.entries(value).map(([field, inner]) =>
      h(
        "div",
        { class: "sh-row" },
        h(
          "dt",
          {},
          Object.hasOwn(labels, field) ? pick(labels[field]) : "",
          h("code", { class: "sh-field" }, field),
        ),
        h("dd", {}, plain(field, inner, labels)),
      ),
    ),
  );
}

function object([noun, id, digest]) {
  const code = (text) => h("code", { class: "sh-code" }, text);
  return h("li", {}, `${noun} `, code(id), " ", code(hash(digest)));
}

/** The objects that a receipt names, folded. */
export function touchedPart(touched) {
  const title = say(`变动的对象（${touched.length}）`, `Objects changed (${touched.length})`);
  return fold(title, h("ul", { class: "sh-plain" }, touched.map(object)));
}
