/* What this browser keeps: key handles that cannot be exported, and the last checkpoint verified for
 * each ledger. Nothing here is a secret that a script could read out. */

import { refuse } from "./bytes.js";

const DATABASE = "shanhai-signing";

function promised(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

async function open() {
  if (!globalThis.indexedDB) {
    refuse("本浏览器不能保存密钥，请换用非无痕窗口", "This browser cannot keep keys; use a normal window");
  }
  const request = indexedDB.open(DATABASE, 1);
  request.onupgradeneeded = () => {
    request.result.createObjectStore("keys", { keyPath: "kid" });
    request.result.createObjectStore("seen", { keyPath: "ledger" });
  };
  return promised(request);
}

async function run(table, mode, work) {
  const database = await open();
  try {
    return await promised(work(database.transaction(table, mode).objectStore(table)));
  } finally {
    database.close();
  }
}

export const keyTable = {
  put: (row) => run("keys", "readwrite", (table) => table.put(row)),
  get: (kid) => run("keys", "readonly", (table) => table.get(kid)),
  all: () => run("keys", "readonly", (table) => table.getAll()),
  remove: (kid) => run("keys", "readwrite", (table) => table.delete(kid)),
};

export const seenTable = {
  put: (row) => run("seen", "readwrite", (table) => table.put(row)),
  get: (ledger) => run("seen", "readonly", (table) => table.get(ledger)),
};
