// Uploading a document in pieces: hashed here, sent, resumed after a break, checked on the server.
(() => {
  "use strict";
  const PIECE = 2 ** 21;
  const TRIES = 4;
  const wait = (ms) => new Promise((done) => { setTimeout(done, ms); });
  const size = (n) => (n < 2 ** 20 ? `${Math.ceil(n / 1024)} KB` : `${(n / 2 ** 20).toFixed(1)} MB`);

  /** An answer that says in words what is wrong. */
  class Answer extends Error {
    constructor(facts) { super(facts.sentence); this.facts = facts; }
  }

  class Upload {
    constructor(box) {
      this.box = box;
      this.words = box.dataset;
      this.part = (name) => box.querySelector(`[data-upload-${name}]`);
      this.running = null;
      this.part("cancel").addEventListener("click", () => this.cancel());
      this.part("again").addEventListener("click", () => this.take(this.file));
      for (const input of box.querySelectorAll("[data-upload-file]")) {
        input.addEventListener("change", () => { if (input.files[0]) this.take(input.files[0]); });
      }
      const zone = this.part("zone");
      zone.addEventListener("dragover", (event) => { event.preventDefault(); zone.dataset.over = ""; });
      zone.addEventListener("dragleave", () => { delete zone.dataset.over; });
      zone.addEventListener("drop", (event) => {
        event.preventDefault();
        delete zone.dataset.over;
        if (event.dataTransfer.files[0]) this.take(event.dataTransfer.files[0]);
      });
      box.closest("form")?.addEventListener("submit", (event) => {
        if (!this.running || event.submitter?.value === "edit") return;
        event.preventDefault();
        this.say(this.words.busy, "wait");
      });
    }

    say(text, state) {
      this.box.dataset.state = state;
      this.part("result").textContent = text;
      this.part("bar").hidden = state !== "run" && state !== "wait";
      this.part("again").hidden = state !== "stopped";
    }

    progress(share, text) {
      this.part("progress").value = Math.round(share * 100);
      this.say(`${text} ${Math.round(share * 100)}%`, "run");
    }

    refusal(file) {
      const ending = file.name.split(".").pop().toLowerCase();
      if (!this.words.endings.split(" ").includes(ending)) return this.words.kind.replace("{name}", file.name);
      if (file.size > Number(this.words.limit) * 2 ** 20) return this.words.large.replace("{size}", size(file.size));
      return file.size ? "" : this.words.empty;
    }

    async take(file) {
      this.running?.abort();
      this.file = file;
      this.part("digest").value = "";
      const wrong = this.refusal(file);
      if (wrong) { this.running = null; this.say(wrong, "wrong"); return; }
      const run = new AbortController();
      this.running = run;
      try {
        const digest = this.words.suite === "sm" ? "" : await this.hash(file, run.signal);
        const kept = await this.send(file, digest, run.signal);
        this.part("digest").value = kept.digest;
        this.say(`${file.name}（${size(file.size)}） ${this.words.done} ${this.words.hash} ${kept.digest}`, "done");
        this.box.dispatchEvent(new CustomEvent("uploaded", { bubbles: true, detail: kept }));
      } catch (error) {
        if (run.signal.aborted) return;
        const known = error instanceof Answer;
        this.say(known ? error.message : this.words.broken, known ? "wrong" : "stopped");
      } finally {
        if (this.running === run) this.running = null;
      }
    }

    async hash(file, signal) {
      const running = new globalThis.Sha256();
      for (let at = 0; at < file.size; at += PIECE) {
        signal.throwIfAborted();
        running.update(new Uint8Array(await file.slice(at, at + PIECE).arrayBuffer()));
        this.progress(at / file.size, this.words.hashing);
      }
      return running.hex();
    }

    async send(file, digest, signal) {
      let where = await this.ask("POST", this.words.start, JSON.stringify({ name: file.name, size: file.size, digest }), signal);
      if (where.digest) return where;
      this.where = where;
      for (let tries = 0; where.received < file.size;) {
        this.progress(where.received / file.size, this.words.sending);
        const piece = file.slice(where.received, where.received + PIECE);
        try {
          where = await this.ask("PUT", `${where.href}?offset=${where.received}`, piece, signal);
          tries = 0;
        } catch (error) {
          const offset = error instanceof Answer && error.facts.code === "file.offset";
          if (signal.aborted || (error instanceof Answer && !offset) || tries === TRIES) throw error;
          tries += 1;
          await wait(500 * 2 ** tries);
          where = await this.ask("GET", where.href, undefined, signal);
        }
      }
      this.progress(1, this.words.checking);
      return this.ask("POST", where.finish, "", signal);
    }

    async ask(method, href, body, signal) {
      const token = document.querySelector("[name=csrfmiddlewaretoken]").value;
      const answer = await fetch(href, { method, body, signal, headers: { "X-CSRFToken": token } });
      const facts = answer.headers.get("Content-Type")?.includes("json") ? await answer.json() : null;
      if (facts && !answer.ok) throw new Answer(facts);
      if (!answer.ok) throw new Error(`status ${answer.status}`);
      return facts;
    }

    cancel() {
      this.running?.abort();
      this.running = null;
      if (this.where) this.ask("DELETE", this.where.href).catch(() => {});
      this.where = null;
      this.part("digest").value = "";
      for (const input of this.box.querySelectorAll("[data-upload-file]")) input.value = "";
      this.say(this.words.cancelled, "cancelled");
    }
  }

  const start = (root) => {
    for (const box of root.querySelectorAll("[data-upload]:not([data-state])")) {
      box.dataset.state = "ready";
      new Upload(box);
    }
  };
  start(document);
  document.addEventListener("htmx:after:swap", () => start(document));
})();
