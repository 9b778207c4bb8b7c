// Saving a draft as it is typed; without this script the buttons save.
(() => {
  "use strict";
  const PAUSE_MS = 1200;
  const RETRY_MS = 8000;

  class Autosave {
    constructor(form) {
      this.form = form;
      this.state = form.querySelector("[data-autosave-state]");
      this.version = form.querySelector("[data-version]");
      this.timer = 0;
      this.running = false;
      this.dirty = false;
      for (const kind of ["input", "change", "uploaded"]) form.addEventListener(kind, () => this.touch());
      form.addEventListener("submit", () => { clearTimeout(this.timer); this.left = true; });
      document.addEventListener("visibilitychange", () => { if (document.hidden) this.save(); });
      globalThis.addEventListener("online", () => this.save());
    }

    touch() {
      this.dirty = true;
      this.wait(PAUSE_MS);
    }

    wait(ms) {
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.save(), ms);
    }

    say(words, state) {
      this.state.textContent = words;
      this.state.dataset.state = state;
    }

    async save() {
      if (!this.dirty || this.running || this.left) return;
      this.running = true;
      this.dirty = false;
      this.say(this.form.dataset.saving, "busy");
      try {
        const body = new FormData(this.form);
        const answer = await fetch(this.form.action, { method: "POST", body, headers: { "X-Autosave": "1" } });
        const facts = await answer.json();
        if (answer.status === 409) { this.say(facts.stale, "stale"); this.left = true; return; }
        if (!answer.ok) throw new Error(`status ${answer.status}`);
        this.version.value = facts.version;
        this.say(`${this.form.dataset.saved} ${facts.saved}`, "done");
      } catch {
        this.dirty = true;
        this.say(this.form.dataset.lost, "lost");
      } finally {
        this.running = false;
        if (this.dirty && !this.left) this.wait(RETRY_MS);
      }
    }
  }

  for (const form of document.querySelectorAll("[data-autosave]")) new Autosave(form);
  document.addEventListener("submit", (event) => {
    const words = event.submitter?.dataset.confirm;
    if (words && !globalThis.confirm(words)) event.preventDefault();
  });
})();
