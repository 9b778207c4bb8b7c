/* Signed values as rows of labels and words. Labels and names come from the page, every value from the
 * bytes; a field without a label, a value of another kind or a false opening stops the signing. */

import { refuse } from "./bytes.js";
import { canonical } from "./canonical.js";
import { h, pick, say } from "./dom.js";
import { checkOpening, commitmentOf } from "./entry.js";
import { hash, kindOf, money, time, visible, wan } from "./values.js";

/** An id or hash in fixed-width type. */
export function code(text) {
  return h("code", { class: "sh-code" }, visible(text));
}

/** The page's name for an id, and the id that is signed. */
export function named(text, act) {
  const name = Object.hasOwn(act.names ?? {}, text) ? pick(act.names[text]) : null;
  return name === null ? code(text) : h("span", {}, visible(name), " ", code(text));
}

/** A committed value: shown only if the opening really opens this commitment. */
async function opened(name, value, act, body) {
  const openings = act.openings ?? {};
  const opening = openings[value] ?? openings[name]; // in rows by the commitment itself
  if (!opening) {
    return h(
      "span",
      {},
      say("内容以承诺签名，此处没有明文", "Signed as a commitment; its text is not given here"),
      " ",
      code(hash(value)),
    );
  }
  const found = await commitmentOf(checkOpening(opening));
  if (found !== value || opening.ledger !== body.ledger) {
    refuse(
      `字段 ${name} 的明文与将签名的承诺不符，不能签名`,
      `The text of field ${name} does not open the commitment to be signed; it cannot be signed`,
      "field.opening",
    );
  }
  return h(
    "span",
    {},
    visible(typeof opening.value === "string" ? opening.value : canonical(opening.value)),
    " ",
    h("small", { class: "sh-quiet" }, say("（与承诺相符）", "(opens the commitment)")),
  );
}

function chosen(name, value, spec) {
  if (!Object.hasOwn(spec.choices ?? {}, value)) {
    refuse(
      `字段 ${name} 的选项 ${value} 没有说明，不能签名`,
      `Choice ${value} of field ${name} is not explained; it cannot be signed`,
      "field.choice",
    );
  }
  return pick(spec.choices[value]);
}

async function table(name, rows, spec, act, body) {
  const items = [];
  for (const row of rows) {
    if (typeof row !== "object" || Array.isArray(row))
      refuse(`字段 ${name} 的行格式不正确`, `A row of ${name} is malformed`, "field.kind");
    items.push(h("li", {}, await answers(row, spec.fields ?? {}, act, body, `${name}.`)));
  }
  return h("ol", { class: "sh-rows" }, items);
}

async function shown(name, value, spec, act, body) {
  const kind = kindOf(name, spec, value);
  switch (kind) {
    case "amount": {
      const large = wan(value);
      return h(
        "span",
        { class: "sh-money" },
        money(value),
        large ? h("small", { class: "sh-quiet" }, ` ${large}`) : null,
      );
    }
    case "moment":
      return h("span", {}, time(value));
    case "permille":
      return h("span", {}, `${value} ‰`);
    case "count":
      return h("span", {}, name.endsWith("year") ? `${value}` : value.toLocaleString("en-US"), spec.unit ? ` ${pick(spec.unit)}` : "");
    case "flag":
      return h("span", {}, value ? say("是", "Yes") : say("否", "No"));
    case "choice":
      return h("span", {}, chosen(name, value, spec));
    case "commitment":
      return opened(name, value, act, body);
    case "digest":
      return h(
        "span",
        {},
        Object.hasOwn(act.names ?? {}, value) ? pick(act.names[value]) + " " : "",
        code(hash(value)),
      );
    case "ref":
    case "region":
      return named(value, act);
    case "refs":
      return h(
        "ul",
        {},
        value.map((item) => h("li", {}, named(item, act))),
      );
    case "words":
      return h(
        "ul",
        {},
        value.map((item) => h("li", {}, visible(item))),
      );
    case "rows":
      return table(name, value, spec, act, body);
    default:
      return h("span", {}, visible(value));
  }
}

/** Fields in the page's order; a field of the bytes that the page does not know is refused. */
export async function answers(values, fields, act, body, prefix = "") {
  const unknown = Object.keys(values).filter((name) => !Object.hasOwn(fields, name));
  if (unknown.length) {
    refuse(
      `签名内容含有本页不认识的字段：${prefix}${unknown.join("、")}；不能签名，请刷新页面或联系管理员`,
      `The content holds fields this page does not know: ${prefix}${unknown.join(", ")}; it cannot be signed, reload the page or ask your administrator`,
      "field.unknown",
    );
  }
  const rows = [];
  for (const [name, spec] of Object.entries(fields)) {
    if (!(name in values)) continue;
    const value = await shown(name, values[name], spec, act, body);
    const main = spec.main || spec.kind === "amount" || spec.kind === "fen";
    rows.push(
      h(
        "div",
        { class: main ? "sh-row sh-main" : "sh-row" },
        h("dt", {}, pick(spec.text), h("code", { class: "sh-field" }, prefix + name)),
        h("dd", {}, value),
      ),
    );
  }
  return h("dl", { class: "sh-answers" }, rows);
}
