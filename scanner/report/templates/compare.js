"use strict";
// Pictures laid over each other: a line drawn across them, or one in place of the other. Nothing here moves by itself.
const comparing = (() => {
  const parts = (compare) => ({
    compare,
    stage: compare.querySelector(".stage"),
    views: compare.querySelector(".views"),
    swipe: compare.querySelector(".swipe"),
    line: compare.querySelector(".swipe input"),
    blink: compare.querySelector(".blink"),
    button: compare.querySelector(".blink button"),
    status: compare.querySelector(".blink [role=status]"),
  });

  const swipe = ({ stage, line }) => {
    stage.style.setProperty("--at", `${line.value}%`);
    line.ariaValueText = `${line.value} % this asset, ${100 - line.value} % the reference`;
  };

  const blink = ({ compare, button, status }, isReference) => {
    compare.classList.toggle("is-reference", isReference);
    button.ariaPressed = String(isReference);
    status.textContent = isReference ? "Shown: the reference" : "Shown: this asset";
  };

  const view = (part) => {
    const chosen = part.views.querySelector("input:checked").value;
    part.compare.dataset.view = chosen;
    part.swipe.hidden = chosen !== "swipe";
    part.blink.hidden = chosen !== "blink";
  };

  const choose = (part, name) => {
    part.views.querySelector(`[value=${name}]`).checked = true;
    view(part);
  };

  // The picture is dragged over as its slider is; the slider is what keyboards and screen readers have.
  const drag = (part, event) => {
    if (event.buttons !== 1 || part.compare.dataset.view !== "swipe") return;
    const box = part.stage.getBoundingClientRect();
    part.line.value = ((event.clientX - box.left) / box.width) * 100;
    swipe(part);
    event.preventDefault();
  };

  const prepare = (compare) => {
    const part = parts(compare);
    part.views.hidden = false;
    part.views.addEventListener("change", () => view(part));
    part.line.addEventListener("input", () => swipe(part));
    part.button.addEventListener("click", () => blink(part, part.button.ariaPressed !== "true"));
    // Enter held down would press it thirty times a second, and no picture may flash more than three times.
    part.button.addEventListener("keydown", (event) => event.repeat && event.preventDefault());
    for (const name of ["pointerdown", "pointermove"]) part.stage.addEventListener(name, (event) => drag(part, event));
    view(part);
    swipe(part);
    blink(part, false);
  };

  const isOnScreen = (element) => {
    const { top, bottom, height } = element.getBoundingClientRect();
    return height > 0 && bottom > 0 && top < innerHeight;
  };

  // Of the comparison that has the focus, else of the entry that has it, else the first on the screen.
  const meant = () => {
    const focus = document.activeElement;
    const entry = focus.closest("article.card");
    const all = [...(entry || document).querySelectorAll("details.compare[open]")];
    return focus.closest("details.compare[open]") || (entry ? all[0] : all.find((each) => isOnScreen(each.querySelector(".stage"))));
  };

  for (const compare of document.querySelectorAll("details.compare")) prepare(compare);

  return {
    blink: () => {
      const compare = meant();
      if (!compare) return;
      const part = parts(compare);
      if (part.compare.dataset.view === "blink") return blink(part, part.button.ariaPressed !== "true");
      choose(part, "blink");
    },
  };
})();
