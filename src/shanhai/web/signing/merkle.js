/* The RFC 6962 tree over SHA-256: leaf H(0x00 ‖ entry), node H(0x01 ‖ left ‖ right).
 * Source: RFC 9162 sections 2.1.1, 2.1.3.2 and 2.1.4.2. */

import { concat, equal, refuse } from "./bytes.js";

const LEAF = Uint8Array.of(0);
const NODE = Uint8Array.of(1);

export async function sha256(...parts) {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", concat(...parts)));
}

export function leafHash(entry) {
  return sha256(LEAF, entry);
}

export function nodeHash(left, right) {
  return sha256(NODE, left, right);
}

/** Largest power of two below `size`: where RFC 6962 cuts a tree. */
function cutOf(size) {
  let cut = 1;
  while (cut * 2 < size) cut *= 2;
  return cut;
}

/** Root over leaf hashes (at least one). */
export async function rootOf(leaves) {
  if (leaves.length === 1) return leaves[0];
  const cut = cutOf(leaves.length);
  return nodeHash(await rootOf(leaves.slice(0, cut)), await rootOf(leaves.slice(cut)));
}

/** Siblings that lead from leaf `index` to the root, leaf side first. */
export async function pathTo(index, leaves) {
  if (leaves.length === 1) return [];
  const cut = cutOf(leaves.length);
  const [left, right] = [leaves.slice(0, cut), leaves.slice(cut)];
  return index < cut
    ? [...(await pathTo(index, left)), await rootOf(right)]
    : [...(await pathTo(index - cut, right)), await rootOf(left)];
}

/** Rebuild the root that an inclusion path commits to; the caller compares it. */
export async function rootFromPath(leaf, index, size, path) {
  if (!Number.isSafeInteger(index) || !Number.isSafeInteger(size) || index < 0 || index >= size) {
    refuse("条目序号不在日志范围内", "The entry's index lies outside the log");
  }
  if (leaf.length !== 32 || path.some((hash) => hash.length !== 32)) {
    refuse("路径中的哈希长度不对", "A hash of the path has the wrong length");
  }
  let [node, last, root] = [index, size - 1, leaf];
  for (const sibling of path) {
    if (last === 0) refuse("包含路径过长", "The inclusion path is too long");
    if (node % 2 === 1 || node === last) {
      root = await nodeHash(sibling, root);
      while (node > 0 && node % 2 === 0) [node, last] = [node / 2, Math.floor(last / 2)];
    } else {
      root = await nodeHash(root, sibling);
    }
    [node, last] = [Math.floor(node / 2), Math.floor(last / 2)];
  }
  if (last > 0) refuse("包含路径过短", "The inclusion path is too short");
  return root;
}

/** Whether the log of `size2` begins with the log of `size1`. An empty log proves nothing. */
export async function isConsistent(size1, root1, size2, root2, path) {
  if (!(Number.isSafeInteger(size1) && Number.isSafeInteger(size2)) || size1 < 1 || size1 > size2)
    return false;
  if (size1 === size2) return path.length === 0 && equal(root1, root2);
  let [node, last] = [size1 - 1, size2 - 1];
  while (node % 2 === 1) [node, last] = [(node - 1) / 2, Math.floor(last / 2)];
  const rest = node === 0 ? [root1, ...path] : [...path];
  if (rest.length === 0) return false;
  let old = rest.shift();
  let now = old;
  for (const hash of rest) {
    if (last === 0) return false;
    if (node % 2 === 1 || node === last) {
      [old, now] = [await nodeHash(hash, old), await nodeHash(hash, now)];
      while (node > 0 && node % 2 === 0) [node, last] = [node / 2, Math.floor(last / 2)];
    } else {
      now = await nodeHash(now, hash);
    }
    [node, last] = [Math.floor(node / 2), Math.floor(last / 2)];
  }
  return last === 0 && equal(old, root1) && equal(now, root2);
}

/** A growing tree that keeps every complete subtree, so that the root at any past size is known. */
export class Tree {
  constructor() {
    this.levels = [[]];
  }

  get size() {
    return this.levels[0].length;
  }

  async append(leaf) {
    let node = leaf;
    for (let level = 0; ; level += 1) {
      (this.levels[level] ??= []).push(node);
      const row = this.levels[level];
      if (row.length % 2 === 1) return;
      node = await nodeHash(row.at(-2), row.at(-1));
    }
  }

  /** Root over the first `size` leaves. */
  async root(size = this.size) {
    if (size === 0) return sha256();
    let [root, rest] = [null, size];
    for (let level = 0; rest > 0; level += 1, rest = Math.floor(rest / 2)) {
      if (rest % 2 === 0) continue;
      const peak = this.levels[level][rest - 1];
      root = root === null ? peak : await nodeHash(peak, root);
    }
    return root;
  }
}
