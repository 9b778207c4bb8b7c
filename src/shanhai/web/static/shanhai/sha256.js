// SHA-256 in pieces (FIPS 180-4): WebCrypto hashes only whole buffers, and a file of 200 MB is not read whole.
(() => {
  "use strict";
  const isPrime = (n) => {
    for (let d = 2; d * d <= n; d += 1) if (n % d === 0) return false;
    return true;
  };
  const primes = (count) => {
    const found = [];
    for (let n = 2; found.length < count; n += 1) if (isPrime(n)) found.push(n);
    return found;
  };
  const fraction = (x) => ((x - Math.floor(x)) * 2 ** 32) | 0;
  const K = Int32Array.from(primes(64), (p) => fraction(Math.cbrt(p)));
  const START = Int32Array.from(primes(8), (p) => fraction(Math.sqrt(p)));
  const BLOCK = 64;

  class Sha256 {
    constructor() {
      this.state = Int32Array.from(START);
      this.words = new Int32Array(64);
      this.rest = new Uint8Array(BLOCK);
      this.held = 0;
      this.length = 0;
    }

    /** Take more bytes (Uint8Array). */
    update(bytes) {
      this.length += bytes.length;
      let at = 0;
      if (this.held) {
        at = Math.min(BLOCK - this.held, bytes.length);
        this.rest.set(bytes.subarray(0, at), this.held);
        this.held += at;
        if (this.held < BLOCK) return this;
        this.block(this.rest, 0);
        this.held = 0;
      }
      for (; at + BLOCK <= bytes.length; at += BLOCK) this.block(bytes, at);
      this.rest.set(bytes.subarray(at));
      this.held = bytes.length - at;
      return this;
    }

    block(bytes, at) {
      const w = this.words;
      for (let i = 0, p = at; i < 16; i += 1, p += 4) {
        w[i] = (bytes[p] << 24) | (bytes[p + 1] << 16) | (bytes[p + 2] << 8) | bytes[p + 3];
      }
      for (let i = 16; i < 64; i += 1) {
        const x = w[i - 15];
        const y = w[i - 2];
        const s0 = ((x >>> 7) | (x << 25)) ^ ((x >>> 18) | (x << 14)) ^ (x >>> 3);
        const s1 = ((y >>> 17) | (y << 15)) ^ ((y >>> 19) | (y << 13)) ^ (y >>> 10);
        w[i] = (w[i - 16] + s0 + w[i - 7] + s1) | 0;
      }
      let [a, b, c, d, e, f, g, h] = this.state;
      for (let i = 0; i < 64; i += 1) {
        const s1 = ((e >>> 6) | (e << 26)) ^ ((e >>> 11) | (e << 21)) ^ ((e >>> 25) | (e << 7));
        const t1 = (h + s1 + ((e & f) ^ (~e & g)) + K[i] + w[i]) | 0;
        const s0 = ((a >>> 2) | (a << 30)) ^ ((a >>> 13) | (a << 19)) ^ ((a >>> 22) | (a << 10));
        const t2 = (s0 + ((a & b) ^ (a & c) ^ (b & c))) | 0;
        h = g; g = f; f = e; e = (d + t1) | 0;
        d = c; c = b; b = a; a = (t1 + t2) | 0;
      }
      const next = [a, b, c, d, e, f, g, h];
      for (let i = 0; i < 8; i += 1) this.state[i] = (this.state[i] + next[i]) | 0;
    }

    /** Return 64 hex digits; the hash takes no more bytes afterwards. */
    hex() {
      const bits = this.length * 8;
      const tail = new Uint8Array((this.held < 56 ? 64 : 128) - this.held);
      tail[0] = 0x80;
      const view = new DataView(tail.buffer);
      view.setUint32(tail.length - 8, Math.floor(bits / 2 ** 32));
      view.setUint32(tail.length - 4, bits >>> 0);
      this.update(tail);
      return [...this.state].map((x) => (x >>> 0).toString(16).padStart(8, "0")).join("");
    }
  }
  globalThis.Sha256 = Sha256;
})();
