// Says in words why a passkey did not work; the sentences stand in the page, in its language.
(() => {
  "use strict";
  const KINDS = { NotAllowedError: "cancelled", AbortError: "cancelled", InvalidStateError: "known", SecurityError: "insecure" };
  document.addEventListener("allauth.error", (event) => {
    event.preventDefault();
    const status = document.querySelector("[data-passkey-status]");
    const kind = KINDS[event.detail.exception?.name] ?? "failed";
    status.textContent = status.dataset[kind];
  });
})();
