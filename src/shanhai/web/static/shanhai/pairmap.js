// The map of pairs: pointing at, tapping or focusing a province shows its partners; without script each tile is a link.
(() => {
  "use strict";
  const tileOf = (target) => target.closest?.("[data-tile]");
  let touched = "";

  const clear = (svg) => {
    svg.classList.remove("is-picking");
    for (const one of svg.querySelectorAll(".is-picked, .is-partner, .is-on")) {
      one.classList.remove("is-picked", "is-partner", "is-on");
    }
  };

  const say = (map, tile) => {
    const panel = map.querySelector("[data-map-panel]");
    const link = tile.querySelector("a");
    const [name, ...rest] = link.dataset.words.split(/：|: /);
    const head = document.createElement("p");
    const strong = document.createElement("strong");
    const page = document.createElement("a");
    strong.textContent = name;
    page.href = link.getAttribute("href");
    page.append(strong);
    head.append(page);
    const words = document.createElement("p");
    words.textContent = rest.join(": ");
    panel.replaceChildren(head, words);
  };

  const pick = (tile) => {
    const map = tile.closest("[data-pairmap]");
    const svg = tile.ownerSVGElement;
    clear(svg);
    const code = tile.dataset.tile;
    svg.classList.add("is-picking");
    tile.classList.add("is-picked");
    for (const partner of tile.dataset.partners.split(" ").filter(Boolean)) {
      svg.querySelector(`[data-tile="${partner}"]`)?.classList.add("is-partner");
    }
    for (const line of svg.querySelectorAll(".pairlink")) {
      line.classList.toggle("is-on", line.dataset.from === code || line.dataset.to === code);
    }
    say(map, tile);
  };

  document.addEventListener("pointerover", (event) => {
    const tile = tileOf(event.target);
    if (tile && event.pointerType === "mouse") pick(tile);
  });
  document.addEventListener("focusin", (event) => {
    const tile = tileOf(event.target);
    if (tile) pick(tile);
  });
  document.addEventListener("pointerdown", (event) => {
    const tile = tileOf(event.target);
    touched = tile && event.pointerType !== "mouse" && !tile.classList.contains("is-picked") ? tile.dataset.tile : "";
  });
  document.addEventListener("click", (event) => {
    const tile = tileOf(event.target);
    if (tile && touched === tile.dataset.tile) {
      event.preventDefault(); // the first tap shows, the second opens
      touched = "";
      pick(tile);
    }
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") for (const svg of document.querySelectorAll("[data-map-svg]")) clear(svg);
  });
  document.body.dataset.mapReady = "";
})();
