"use strict";
// Keys for those who look at hundreds of assets; everything they do can be done by links and buttons as well.
(() => {
  const keys = document.getElementById("keys");
  const single = document.getElementById("single-keys");
  const STORED = "scanner-review-keys";
  single.checked = localStorage.getItem(STORED) !== "off";
  single.addEventListener("change", () => localStorage.setItem(STORED, single.checked ? "on" : "off"));

  const links = () => [...document.querySelectorAll(".tile-link")];
  const step = by => {
    const all = links();
    const at = all.indexOf(document.activeElement.closest(".tile")?.querySelector(".tile-link"));
    const next = all[at < 0 ? (by > 0 ? 0 : all.length - 1) : at + by];
    if (next) {
      next.focus();
      next.scrollIntoView({block: "nearest"});
    } else {
      document.querySelector(by > 0 ? "a[rel=next]" : "a[rel=prev]")?.click();
    }
  };
  const chosen = name =>
    document.activeElement.closest(".tile")?.querySelector(`[data-key="${name}"]`) ?? document.querySelector(`main [data-key="${name}"]:not(.tile *)`);
  // Where no comparison has the focus or is on the screen, the first is brought there.
  const blink = () => {
    const stages = [...document.querySelectorAll("details.compare[open] .stage")];
    if (!stages.length) return;
    const seen = stages.some(stage => stage.getBoundingClientRect().top < innerHeight && stage.getBoundingClientRect().bottom > 0);
    if (!seen && !document.activeElement.closest("details.compare")) stages[0].scrollIntoView({block: "center"});
    comparing.blink();
  };
  const actions = {
    j: () => step(1),
    k: () => step(-1),
    b: () => blink(),
    "/": () => document.getElementById("text")?.focus(),
    "?": () => keys.showModal(),
  };

  document.addEventListener("keydown", event => {
    const typing = event.target.closest("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]");
    if (event.ctrlKey || event.metaKey || event.altKey || typing || document.querySelector("dialog[open]")) return;
    if (event.key !== "?" && !single.checked) return;
    const act = actions[event.key] ?? (/^[a-z]$/.test(event.key) && (() => chosen(event.key)?.click()));
    if (act) {
      event.preventDefault();
      act();
    }
  });

  // There is room for all filters beside the assets, but not above them.
  const further = document.getElementById("further");
  if (further && matchMedia("(min-width: 52rem)").matches) further.open = true;

  // htmx swaps what was found; the filters stay as they are, with new counts.
  document.addEventListener("htmx:beforeSwap", event => {
    const answered = new DOMParser().parseFromString(event.detail.xhr.responseText, "text/html");
    for (const count of answered.querySelectorAll("#filters .count[id]")) {
      document.getElementById(count.id)?.replaceChildren(count.textContent);
    }
  });
  document.addEventListener("error", event => {
    const image = event.target;
    if (!(image instanceof HTMLImageElement)) return;
    // More is asked for at once than can wait: the server says to come again.
    const tries = Number(image.dataset.tries ?? 0);
    if (tries < 5) {
      image.dataset.tries = tries + 1;
      setTimeout(() => { image.src = image.src; }, 3000);
    } else {
      image.closest(".small")?.classList.add("without");
    }
  }, true);
})();
