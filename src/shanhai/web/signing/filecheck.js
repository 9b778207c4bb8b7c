/* One file of verify.html: a log or a proof, with progress and a way to stop. */

import { asRefusal } from "./bytes.js";
import { h, say } from "./dom.js";
import { isLog, verifyLog } from "./logfile.js";
import { proveFile } from "./prove.js";
import { readTrust } from "./trustform.js";

let running = null;

/** Stop the file that is being read. */
export function stopRunning() {
  running?.abort();
}

function progressBar(name, controller) {
  const bar = h("progress", { max: 1, value: 0, "aria-label": say("进度", "Progress") });
  const line = h("span", { role: "status" }, name);
  const stop = h(
    "button",
    { type: "button", class: "sh-button", onclick: () => controller.abort() },
    say("取消", "Cancel"),
  );
  const progress = (read, size, entries) => {
    bar.value = read / size;
    line.textContent = say(`${name}：已核对 ${entries} 条`, `${name}: ${entries} entries checked`);
  };
  return { element: h("div", { class: "vf-card vf-progress" }, line, bar, stop), progress };
}

/** Verify a file, with progress and a cancel button in `slot`; returns {name, result or error}. */
export async function verifyOne(file, slot) {
  const controller = new AbortController();
  running = controller;
  const bar = progressBar(file.name, controller);
  slot.replaceChildren(bar.element);
  try {
    const trust = readTrust();
    const result = (await isLog(file))
      ? await verifyLog(file, trust, { progress: bar.progress, signal: controller.signal })
      : await proveFile(new Uint8Array(await file.slice(0, 1 << 20).arrayBuffer()), trust);
    return { name: file.name, result };
  } catch (error) {
    return { name: file.name, error: asRefusal(error) };
  }
}
