/* Elements without markup strings: text enters by textContent alone, so no value can become code and
 * a page may forbid every inline script. */

/** Whether the page speaks English; Chinese otherwise. */
export function english() {
  return document.documentElement.lang.toLowerCase().startsWith("en");
}

/** Pick the sentence of the page's language. */
export function say(zh, en) {
  return english() ? en : zh;
}

/** Pick from a [zh, en] pair. */
export function pick(pair) {
  return say(pair[0], pair[1]);
}

/** Make an element: `h("p", {class: "x"}, "text", child)`; null and false children are left out. */
export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (value === true) element.setAttribute(name, "");
    else if (value !== false && value !== null) element.setAttribute(name, String(value));
  }
  element.append(...children.flat().filter((child) => child !== null && child !== false));
  return element;
}

/** A mark that says its meaning in a word as well as by its form. */
export function mark(ok) {
  const [sign, word, kind] =
    ok === null
      ? ["○", say("未证明", "Not proved"), "none"]
      : ok
        ? ["✓", say("成立", "Holds"), "yes"]
        : ["✗", say("不成立", "Fails"), "no"];
  return h(
    "span",
    { class: `sh-mark sh-mark-${kind}` },
    h("span", { "aria-hidden": "true" }, sign),
    ` ${word}`,
  );
}

/** Render checks {zh, en, ok, detail} as a list: ok true, false, or null for what was not proved. */
export function checkList(checks) {
  return h(
    "ul",
    { class: "sh-checks" },
    checks.map((check) =>
      h(
        "li",
        { class: check.ok === false ? "sh-failed" : "" },
        mark(check.ok),
        h(
          "span",
          { class: "sh-check-text" },
          say(check.zh, check.en),
          check.detail ? h("span", { class: "sh-detail" }, pick(check.detail)) : null,
        ),
      ),
    ),
  );
}

/** A message box that takes the focus, so that a screen reader and a keyboard find it. */
export function panel(kind, title, ...children) {
  const role = kind === "bad" ? "alert" : "status";
  return h(
    "div",
    { class: `sh-panel sh-panel-${kind}`, role, tabindex: "-1" },
    h("h2", {}, title),
    ...children,
  );
}

/** Replace an element's content and move the focus to what matters. */
export function show(target, element) {
  target.replaceChildren(element);
  element.focus();
}

/** A folded part. */
export function fold(title, ...children) {
  return h("details", { class: "sh-fold" }, h("summary", {}, title), ...children);
}
