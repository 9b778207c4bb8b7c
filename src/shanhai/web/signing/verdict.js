/* A list of checks: each with a name in both languages, and true, false or null (not proved). */

import { asRefusal, refuse } from "./bytes.js";

export class Verdict {
  constructor() {
    this.checks = [];
  }

  /** Run one check; a Refusal fails it, what it returns is its detail ([zh, en]). */
  async attempt(zh, en, work) {
    try {
      this.checks.push({ zh, en, ok: true, detail: await work() });
      return true;
    } catch (error) {
      const reason = asRefusal(error);
      this.checks.push({ zh, en, ok: false, detail: [reason.zh, reason.en] });
      return false;
    }
  }

  /** Name what was not proved, and how to prove it. */
  lacks(word, zh, en, detail) {
    this.checks.push({ zh: `${word}：${zh}`, en: `${word}: ${en}`, ok: null, detail, word });
  }

  /** Whether nothing failed. */
  get ok() {
    return this.checks.length > 0 && this.checks.every((check) => check.ok !== false);
  }

  /** Words for what was not proved, as `shanhai verify` prints them. */
  get unproved() {
    return this.checks.filter((check) => check.ok === null).map((check) => check.word);
  }
}

/** Refuse unless `ok`. */
export function must(ok, zh, en) {
  if (!ok) refuse(zh, en);
}
