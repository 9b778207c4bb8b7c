/* Which key of this browser the bytes of a page are for. */

import { refuse } from "./bytes.js";
import { listKeys } from "./keys.js";

/** Fetch the page for another key: by its form (`key_form`, an id, with an input `kid`) or its address.
 * False where there is neither, or where that key was asked for already. */
function askAgain({ key_form, key_url }, kid) {
  const form = key_form ? document.getElementById(key_form) : null;
  const input = form?.elements.namedItem("kid");
  if (input && input.value !== kid) {
    input.value = kid;
    form.submit();
    return true;
  }
  if (!key_url || location.href.endsWith(key_url + kid)) return false;
  location.replace(key_url + kid);
  return true;
}

/** The key that the bytes name, or null while the page is fetched again for another of the officer's
 * keys that this browser holds. */
export async function ownKey(config, items) {
  const wanted = items[0].body.kid;
  if (items.some(({ body }) => body.kid !== wanted))
    refuse("一次签名只能用一把密钥", "One gesture signs with one key");
  const keys = await listKeys();
  const held = keys.find(({ kid }) => kid === wanted);
  if (held) return held;
  const other = keys.find(({ kid }) => (config.kids ?? []).includes(kid));
  if (other && askAgain(config, other.kid)) return null;
  return refuse(
    "本浏览器没有办理所需的密钥，请换到登记时的设备，或申请登记本浏览器",
    "This browser does not hold the key these bytes name; use the device it was registered on, or enrol this browser",
  );
}
