/* A file read piece by piece, so that a log of any size fits into a phone. */

import { concat, readUint, refuse } from "./bytes.js";

const CHUNK = 1 << 20;

export class PieceReader {
  /** `file` is a Blob. */
  constructor(file) {
    this.file = file;
    this.fetched = 0;
    this.held = new Uint8Array(0);
  }

  get position() {
    return this.fetched - this.held.length;
  }

  async more() {
    const end = Math.min(this.file.size, this.fetched + CHUNK);
    if (end === this.fetched) return false;
    const chunk = new Uint8Array(await this.file.slice(this.fetched, end).arrayBuffer());
    this.held = concat(this.held, chunk);
    this.fetched = end;
    return true;
  }

  /** Exactly `length` bytes. */
  async take(length) {
    while (this.held.length < length) {
      if (!(await this.more()))
        refuse("文件在此中断，请重新取得", "The file ends here too early; fetch it again");
    }
    const part = this.held.subarray(0, length);
    this.held = this.held.subarray(length);
    return part;
  }

  /** A line of at most `limit` bytes, without its newline. */
  async line(limit) {
    while (!this.held.subarray(0, limit).includes(10) && this.held.length < limit) {
      if (!(await this.more())) break;
    }
    const end = this.held.subarray(0, limit).indexOf(10);
    if (end < 0) refuse("文件首行不完整", "The file's first lines are incomplete");
    return (await this.take(end + 1)).subarray(0, end);
  }

  /** Big-endian u32. */
  async uint32() {
    return readUint(await this.take(4), 0, 4);
  }

  /** All that is left, at most `limit` bytes. */
  async rest(limit) {
    while (this.held.length <= limit && (await this.more()));
    if (this.held.length > limit) refuse("检查点之后有多余内容", "There is more after the checkpoint");
    return this.take(this.held.length);
  }
}
