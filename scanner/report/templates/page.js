"use strict";
// Filters, search and keys of the scan page. Texts go in as textContent only; what is filtered by stands in data-has as tokens.
(() => {
  // Drawn at once of a list: more than a person takes in, and a filter then costs a frame or two. "Show all" draws the rest.
  const CARDS = 20;
  const ROWS = 100;
  const LONGEST = 200; // characters of a search, as the field has it
  const byId = (id) => document.getElementById(id);
  const bar = byId("filters");
  if (!bar) return; // a page about one pair of pictures
  const find = byId("find");
  const choices = [...bar.querySelectorAll("select")];
  const options = choices.map((select) => [...select.options].slice(1).map((option) => ({ option, words: option.textContent })));
  const folded = (text) => text.normalize("NFC").toLowerCase();
  const counted = (count) => count.toLocaleString("en");

  const rows = [...byId("rows").tBodies[0].rows].map((element) => ({
    element,
    index: element.dataset.i,
    tokens: element.dataset.has.split(" "),
    text: folded(element.cells[0].textContent),
  }));
  const known = new Set(rows.map((row) => row.index));
  const lists = [...document.querySelectorAll("main > section")]
    .map((section) => ({
      entries: [...section.querySelectorAll("article.card, #rows tbody tr")].map((element) => ({ element, index: element.dataset.i })),
      step: section.querySelector("#rows") ? ROWS : CARDS,
      count: section.querySelector("h2 [data-of]"),
      left: section.querySelector(".left"),
    }))
    .filter((list) => list.entries.length);
  let matching = rows;
  let fits = known;
  let filtered = false;

  const show = (element, wanted) => {
    if (element.hidden === wanted) element.hidden = !wanted;
  };

  // What is about the delivery as a whole, or has no row on this page, is never filtered away.
  const isFitting = (entry) => !filtered || !known.has(entry.index) || fits.has(entry.index);

  const drawList = (list, most) => {
    let fitting = 0;
    for (const entry of list.entries) {
      const wanted = isFitting(entry);
      if (wanted) fitting += 1;
      show(entry.element, wanted && fitting <= most);
    }
    show(list.left, fitting > most);
    list.left.firstElementChild.textContent = `${counted(Math.min(most, fitting))} of ${counted(fitting)} are shown.`;
    list.left.lastElementChild.textContent = `Show all ${counted(fitting)}`;
    if (list.count) list.count.textContent = filtered ? `${counted(fitting)} of ${list.count.dataset.of}` : list.count.dataset.of;
  };

  // A row counts for a choice if it fits the search and all other questions: the count says what choosing it would show.
  const match = (terms, wanted) => {
    const counts = new Map();
    const fitting = [];
    for (const row of rows) {
      if (!terms.every((term) => row.text.includes(term))) continue;
      const failed = wanted.filter((token) => token && !row.tokens.includes(token));
      if (failed.length > 1) continue;
      if (!failed.length) fitting.push(row);
      for (const token of row.tokens) {
        if (!failed.length || token[0] === failed[0][0]) counts.set(token, (counts.get(token) || 0) + 1);
      }
    }
    return { counts, fitting };
  };

  const said = () => {
    const parts = choices.filter((select) => select.value).map((select) => {
      const place = choices.indexOf(select);
      return `${select.name} ${options[place][select.selectedIndex - 1].words}`;
    });
    return find.value.trim() ? [...parts, `search “${find.value.trim()}”`] : parts;
  };

  const draw = () => {
    const terms = folded(find.value).split(/\s+/).filter(Boolean);
    const { counts, fitting } = match(terms, choices.map((select) => select.value));
    const active = said();
    matching = fitting;
    fits = new Set(matching.map((row) => row.index));
    filtered = active.length > 0;
    for (const list of lists) drawList(list, list.step);
    show(byId("no-rows"), !matching.length);
    for (const each of options.flat()) each.option.textContent = `${each.words} (${counted(counts.get(each.option.value) || 0)})`;
    const all = `${counted(rows.length)} ${rows.length === 1 ? "asset" : "assets"}`;
    const figures = `${counted(matching.length)} of ${all}`;
    byId("status").textContent = filtered ? figures : all;
    byId("active").textContent = choices.filter((select) => select.value).length || "";
    show(byId("unfilter"), filtered);
    show(byId("filtered"), filtered);
    byId("filtered").textContent = `Filtered by ${active.join(", ")}: ${figures}. What is shown below is not the whole report.`;
  };

  // The address: #verdict=blocked&q=pier. Only known keys and answers are taken from it, everything else is passed over.
  const write = () => {
    const state = new URLSearchParams();
    choices.forEach((select, place) => {
      if (select.value) state.set(select.name, options[place][select.selectedIndex - 1].words);
    });
    if (find.value.trim()) state.set("q", find.value.trim());
    const text = state.toString();
    history.replaceState(null, "", text ? `#${text}` : location.pathname + location.search);
  };

  const read = () => {
    const state = new URLSearchParams(location.hash.slice(1));
    find.value = (state.get("q") || "").replace(/[\p{C}\p{Z}]+/gu, " ").trim().slice(0, LONGEST);
    choices.forEach((select, place) => {
      const wanted = options[place].find((each) => each.words === state.get(select.name));
      select.value = wanted ? wanted.option.value : "";
      if (wanted) byId("facets").open = true;
    });
    draw();
  };

  const reveal = (element) => {
    for (let each = element; each; each = each.parentElement) {
      if (each.hidden) each.hidden = false;
      if (each.localName === "details") each.open = true;
    }
  };

  const arrive = () => {
    if (location.hash.includes("=")) return read();
    const target = location.hash && byId(location.hash.slice(1));
    if (!target) return;
    reveal(target);
    target.scrollIntoView();
  };

  // Keys
  const entries = () =>
    lists.flatMap((list) => list.entries).map((each) => each.element).filter((each) => !each.hidden && !each.closest("details:not([open])"));
  const step = (by) => {
    const all = entries();
    const at = all.indexOf(document.activeElement.closest("article.card, #rows tbody tr"));
    const next = all[at < 0 ? (by > 0 ? 0 : all.length - 1) : Math.min(Math.max(at + by, 0), all.length - 1)];
    if (!next) return;
    next.tabIndex = -1;
    next.focus({ preventScroll: true });
    next.scrollIntoView({ block: "nearest" });
  };

  const open = (entry) => {
    const folded = entry.querySelector("details.proof");
    const link = entry.querySelector("a[href^='#asset-']");
    if (folded) folded.open = !folded.open;
    else if (link) link.click();
  };

  const help = byId("help");
  const keys = {
    "/": () => find.focus(),
    j: () => step(1),
    k: () => step(-1),
    b: comparing.blink,
    "?": () => help.showModal(),
  };
  document.addEventListener("keydown", (event) => {
    const typing = event.target.closest("input:not([type=radio], [type=checkbox], [type=range]), select, textarea");
    if (event.key === "Escape" && event.target === find) {
      if (!find.value) find.blur();
      find.value = "";
      draw();
      write();
      return event.preventDefault();
    }
    if (typing || help.open || event.ctrlKey || event.metaKey || event.altKey || !byId("shortcuts").checked) return;
    if (event.key === "Enter" && event.target.matches("article.card, #rows tbody tr")) return open(event.target);
    if (!Object.hasOwn(keys, event.key)) return;
    event.preventDefault();
    if (event.repeat && event.key === "b") return; // a key held down must not make the page flash
    keys[event.key]();
  });

  bar.addEventListener("input", () => {
    draw();
    write();
  });
  byId("unfilter").addEventListener("click", () => {
    find.value = "";
    for (const select of choices) select.value = "";
    draw();
    write();
    find.focus();
  });
  for (const list of lists) list.left.lastElementChild.addEventListener("click", () => drawList(list, Infinity));
  // The lists of what is to be done are printed whole; of the table what is shown, and it says so.
  addEventListener("beforeprint", () => lists.filter((list) => list.step === CARDS).forEach((list) => drawList(list, Infinity)));
  for (const button of document.querySelectorAll(".blink button")) button.ariaKeyShortcuts = "b";
  byId("keys").addEventListener("click", () => help.showModal());
  byId("close").addEventListener("click", () => help.close());
  addEventListener("hashchange", arrive);

  bar.hidden = false;
  if (location.hash.includes("=")) read();
  else {
    draw();
    arrive();
  }
})();
