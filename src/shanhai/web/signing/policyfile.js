/* The witnesses' policy file, as much of TOML as `shanhai mirror example` prints: tables, strings, whole
 * numbers and one-line lists of strings. A line that is none of these is refused, never passed over. */

import { refuse } from "./bytes.js";
import { must } from "./verdict.js";

const POLICY_LIARS = 3;
const TOML_TABLE = /^\[\[(domain|domain\.witness|interest)\]\]$/;
const TOML_VALUE = /^([a-z]+)\s*=\s*(.+)$/;
const TOML_STRING = /^"((?:[^"\\]|\\["\\])*)"/;

function tomlString(text) {
  const [whole, inner] = TOML_STRING.exec(text) ?? [];
  return whole === undefined ? null : { value: inner.replace(/\\(.)/g, "$1"), rest: text.slice(whole.length) };
}

function tomlList(text) {
  const found = [];
  let rest = text.slice(1).trim();
  while (rest && !rest.startsWith("]")) {
    const one = tomlString(rest);
    if (!one) return null;
    found.push(one.value);
    rest = one.rest.trim().replace(/^,\s*/, "");
  }
  return rest.startsWith("]") ? { value: found, rest: rest.slice(1) } : null;
}

function tomlNumber(text) {
  const [whole] = /^[0-9]+/.exec(text) ?? [];
  return whole === undefined ? null : { value: Number(whole), rest: text.slice(whole.length) };
}

function tomlValue(text) {
  const found = text.startsWith("[") ? tomlList(text) : (tomlString(text) ?? tomlNumber(text));
  return found && /^\s*(#.*)?$/.test(found.rest) ? found : null;
}

/** Where the lines after a table's head go. */
function openedTable(file, name) {
  if (name === "interest") {
    file.interests.push({});
    return file.interests.at(-1);
  }
  if (name === "domain") {
    file.domains.push({ witnesses: [] });
    return file.domains.at(-1);
  }
  must(file.domains.length, "见证规则有误：[[domain.witness]] 之前须有 [[domain]]", "A witness stands before its domain");
  file.domains.at(-1).witnesses.push({});
  return file.domains.at(-1).witnesses.at(-1);
}

function readTables(text) {
  const file = { domains: [], interests: [] };
  let place = file;
  for (const [at, raw] of text.split("\n").entries()) {
    const line = raw.trim();
    if (!line || line.startsWith("#")) continue;
    const table = TOML_TABLE.exec(line.replace(/\s*#.*$/, ""));
    const [, key, rest] = TOML_VALUE.exec(line) ?? [];
    const found = table || !key ? null : tomlValue(rest);
    if (table) place = openedTable(file, table[1]);
    else if (found) place[key] = found.value;
    else refuse(`见证规则第 ${at + 1} 行读不懂，请对照 shanhai mirror example`, `Line ${at + 1} of the policy cannot be read; compare shanhai mirror example`);
  }
  return file;
}

/** Whether a text is a policy file rather than a list of keys. */
export function isPolicy(text) {
  return /^\s*\[\[domain\]\]/m.test(text);
}

/** What a policy file asks for: {vkey, ledger, witnesses, domains, quorum, faults, interests}. */
export function parsePolicy(text) {
  const { log = "", ledger = "", faults, domains, interests } = readTables(text);
  must(
    Number.isInteger(faults) && domains.length > POLICY_LIARS * faults,
    "见证规则有误：故障域数须不少于 3 × faults + 1",
    "The policy cannot hold: at least 3 × faults + 1 domains are needed",
  );
  must(
    domains.every(({ name, witnesses }) => name && witnesses.length && witnesses.every(({ vkey }) => vkey)),
    "见证规则有误：每个故障域须有名称和至少一把公钥",
    "Each domain of the policy needs a name and at least one key",
  );
  return {
    vkey: log,
    ledger,
    faults,
    quorum: domains.length - faults,
    domains: domains.map(({ name }) => name),
    witnesses: domains.map(({ witnesses }) => witnesses.map(({ vkey }) => vkey)),
    interests,
  };
}
