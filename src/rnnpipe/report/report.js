// What a reader may do with the page: sort and filter tables, look for a word, see where in the contents he is.
// Without it the page reads as well.
"use strict";

const all = (selector, within = document) => [...within.querySelectorAll(selector)];
const wordsOf = (row) => row.textContent.toLowerCase().replaceAll("\u00a0", " ");
const make = (tag, attributes = {}) => Object.assign(document.createElement(tag), attributes);

function field(label, onInput) {
  const line = make("label", { className: "find", textContent: label });
  const input = make("input", { type: "search" });
  const count = make("output");
  input.addEventListener("input", () => { count.textContent = onInput(input.value.trim().toLowerCase()); });
  line.append(input, count);
  return line;
}

// The first number of a cell, `12.1 ± 0.1 (3)` say; a cell without one comes last whichever way is sorted.
function numberOf(text) {
  const found = text.replaceAll(",", "").replaceAll("−", "-").match(/-?(\d+\.?\d*(e[+-]?\d+)?|∞)/);
  return found ? Number(found[0].replace("∞", "Infinity")) : NaN;
}

function sortBy(table, column, descending) {
  const numeric = table.tHead.rows[0].cells[column].classList.contains("number");
  const text = (row) => row.cells[column].textContent.trim();
  const compare = (one, other) => {
    if (!numeric) return text(one).localeCompare(text(other), "en", { numeric: true }) * (descending ? -1 : 1);
    const [a, b] = [numberOf(text(one)), numberOf(text(other))];
    if (Number.isNaN(a) || Number.isNaN(b)) return Number.isNaN(a) - Number.isNaN(b);
    return (a - b || 0) * (descending ? -1 : 1);
  };
  table.tBodies[0].append(...[...table.tBodies[0].rows].sort(compare));
}

function makeSortable(table) {
  const headings = [...table.tHead.rows[0].cells];
  headings.forEach((heading, column) => {
    const button = make("button", { type: "button", textContent: heading.textContent, title: "Sort" });
    button.addEventListener("click", () => {
      const descending = heading.hasAttribute("aria-sort") ? heading.getAttribute("aria-sort") === "ascending" : heading.classList.contains("number");
      headings.forEach((other) => other.removeAttribute("aria-sort"));
      heading.setAttribute("aria-sort", descending ? "descending" : "ascending");
      sortBy(table, column, descending);
    });
    heading.replaceChildren(button);
  });
}

// Every word that is typed must stand in a row.
function makeFilterable(table) {
  const rows = [...table.tBodies[0].rows];
  const line = field("Filter", (typed) => {
    const words = typed.split(/\s+/);
    rows.forEach((row) => { row.hidden = !words.every((word) => wordsOf(row).includes(word)); });
    return typed && `${rows.filter((row) => !row.hidden).length} of ${rows.length}`;
  });
  (table.closest(".scroll") ?? table).before(line);
}

// Mark a word in the maps, and show the lines of neighbours that name it; what was folded opens where it was found.
function makeSearchable(section) {
  const places = all("[data-word]");
  const lines = all("table.data", section).filter((table) => table.rows[0].cells[0].textContent === "word");
  const line = field("Find a word", (typed) => {
    document.body.classList.toggle("searching", typed !== "");
    places.forEach((place) => { place.classList.toggle("hit", typed !== "" && place.dataset.word.toLowerCase().startsWith(typed)); });
    const named = (row) => wordsOf(row).split(/[^\p{L}\p{N}'-]+/u).some((word) => word.startsWith(typed));
    const rows = lines.flatMap((table) => [...table.tBodies[0].rows]);
    rows.forEach((row) => { row.hidden = typed !== "" && !named(row); });
    const maps = new Set(all(".hit").map((place) => place.closest("figure")));
    if (typed) all("details", section).forEach((fold) => { fold.open = fold.querySelector(".hit, tbody tr:not([hidden])") !== null; });
    return typed && `in ${maps.size} maps, in ${rows.filter((row) => !row.hidden).length} lines of neighbours`;
  });
  const words = make("datalist", { id: `words-of-${section.id}` });
  words.append(...[...new Set(places.map((place) => place.dataset.word))].map((word) => make("option", { value: word })));
  line.querySelector("input").setAttribute("list", words.id);
  section.querySelector(".blocks").before(line, words);
}

function openTarget() {
  const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  const fold = target?.closest("details");
  if (!fold) return;
  fold.open = true;
  target.scrollIntoView();
}

function followContents() {
  const links = new Map(all("nav a").map((link) => [link.hash.slice(1), link]));
  const seen = new IntersectionObserver((entries) => {
    entries.filter((entry) => entry.isIntersecting).forEach((entry) => {
      links.forEach((link) => link.removeAttribute("aria-current"));
      const link = links.get(entry.target.id);
      link.setAttribute("aria-current", "true");
      link.closest("nav").scrollTo({ left: link.offsetLeft - 16, top: link.offsetTop - 200, behavior: "smooth" });
    });
  }, { rootMargin: "-20% 0px -75% 0px" });
  all("main > [id]").forEach((part) => seen.observe(part));
}

const tables = all("table.data, #claims > table");
tables.filter((table) => table.tBodies[0].rows.length > 1).forEach(makeSortable);
tables.filter((table) => table.tBodies[0].rows.length > 5).forEach(makeFilterable);
all("[data-searched]").forEach(makeSearchable);
all("[data-state]").forEach((link) => link.addEventListener("click", () => {
  const input = document.querySelector("#claims .find input");
  if (input) { input.value = link.dataset.state; input.dispatchEvent(new Event("input")); }
}));
addEventListener("hashchange", openTarget);
addEventListener("beforeprint", () => all("details").forEach((fold) => { fold.open = true; }));
openTarget();
followContents();
