// A searched choice (ARIA combobox): the list comes from the server, the id goes into the hidden input.
(() => {
  "use strict";
  const DELAY = 250;
  const parts = (field) => ({
    input: field.querySelector("[data-choose-input]"),
    value: field.querySelector("[data-choose-value]"),
    list: field.querySelector("[data-choose-list]"),
    code: field.querySelector(".choose__code"),
  });
  const options = (list) => [...list.querySelectorAll('[role="option"]')];

  const close = (field) => {
    const { input, list } = parts(field);
    list.hidden = true;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  };

  const load = async (field) => {
    const { input, list, value } = parts(field);
    const url = new URL(input.dataset.chooseUrl, location.href);
    url.searchParams.set("q", value.value ? "" : input.value.trim());
    const asked = (field.asked = {});
    const answer = await fetch(url, { headers: { Accept: "text/html" }, credentials: "same-origin" }).catch(() => null);
    if (field.asked !== asked || !answer?.ok) return;
    list.innerHTML = await answer.text();
    list.hidden = false;
    input.setAttribute("aria-expanded", "true");
  };

  const take = (field, option) => {
    const { input, value, code } = parts(field);
    value.value = option.dataset.value;
    input.value = option.dataset.label;
    code.textContent = option.dataset.value.length < 14 ? option.dataset.value : ""; // an adcode, not an id
    close(field);
    input.dispatchEvent(new Event("change", { bubbles: true }));
  };

  const move = (field, step) => {
    const { input, list } = parts(field);
    const all = options(list);
    if (list.hidden || !all.length) return void load(field).then(() => list.hidden || !options(list).length || move(field, step));
    const at = all.findIndex((one) => one.id === input.getAttribute("aria-activedescendant"));
    const next = all[(at + step + all.length + (at < 0 && step < 0 ? 1 : 0)) % all.length];
    for (const one of all) one.setAttribute("aria-selected", String(one === next));
    input.setAttribute("aria-activedescendant", next.id);
    next.scrollIntoView({ block: "nearest" });
  };

  const fieldOf = (target) => target.closest?.("[data-choose]");

  document.addEventListener("input", (event) => {
    const field = event.target.matches("[data-choose-input]") && fieldOf(event.target);
    if (!field) return;
    parts(field).value.value = "";
    parts(field).code.textContent = "";
    close(field); // what is listed, or on its way, no longer answers what is typed
    field.asked = null;
    clearTimeout(field.wait);
    field.wait = setTimeout(() => load(field), DELAY);
  });
  document.addEventListener("focusin", (event) => {
    for (const field of document.querySelectorAll("[data-choose]")) if (!field.contains(event.target)) close(field);
    if (event.target.matches("[data-choose-input]")) void load(fieldOf(event.target));
  });
  document.addEventListener("click", (event) => {
    const field = fieldOf(event.target);
    const option = event.target.closest?.('[role="option"]');
    if (field && option) take(field, option);
    else for (const one of document.querySelectorAll("[data-choose]")) if (one !== field) close(one);
  });
  document.addEventListener("keydown", (event) => {
    const field = event.target.matches?.("[data-choose-input]") && fieldOf(event.target);
    if (!field) return;
    const { input, list } = parts(field);
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      move(field, event.key === "ArrowDown" ? 1 : -1);
    } else if (event.key === "Enter" && (!list.hidden || !parts(field).value.value)) {
      event.preventDefault(); // choosing, not sending the form
      const at = options(list).find((one) => one.id === input.getAttribute("aria-activedescendant"));
      if (at) take(field, at);
    } else if (event.key === "Escape") close(field);
  });
})();
