// After the ledger has accepted an act: on to its receipt, so that "back" leads to the form, not to spent bytes.
document.addEventListener("shanhai-answered", (event) => {
  const { ok, data } = event.detail;
  const config = JSON.parse(event.target.querySelector("script")?.textContent ?? "null") ?? event.target.config;
  if (ok && data.receipt && config?.next) location.replace(config.next);
});
