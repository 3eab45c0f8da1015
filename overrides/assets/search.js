/* The search: a dialog, fetched and indexed only when a reader first opens it. */

import MiniSearch from "./vendor/minisearch.js";

const ROOT = new URL("../", import.meta.url);
const KINDS = ["Text", "Fact-check", "Term", "Country", "Event"];
const HEADINGS = { Text: "In the text", "Fact-check": "Fact-checks", Term: "Glossary", Country: "Countries and blocs", Event: "Timeline" };
const MOST = 8;

/* Letters without their marks, so that Hanoi finds Hà Nội and Da Nang finds Đà Nẵng. */
const bare = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").replace(/[đĐ]/g, "d").toLowerCase();

let dialog, input, list, said, ready, chosen = -1;

function build() {
  dialog = document.createElement("dialog");
  dialog.className = "mg-search";
  dialog.setAttribute("aria-label", "Search");
  input = document.createElement("input");
  input.type = "search";
  input.placeholder = "A word, a term, a country";
  input.autocomplete = "off";
  input.spellcheck = false;
  input.setAttribute("aria-label", "Search for");
  input.setAttribute("aria-controls", "mg-found");
  const close = document.createElement("button");
  close.type = "button";
  close.textContent = "Close";
  close.addEventListener("click", () => dialog.close());
  said = document.createElement("p");
  said.className = "mg-said";
  said.setAttribute("role", "status");
  list = document.createElement("div");
  list.id = "mg-found";
  const bar = document.createElement("div");
  bar.className = "mg-search__bar";
  bar.append(input, close);
  dialog.append(bar, said, list);
  document.body.append(dialog);
  input.addEventListener("input", find);
  dialog.addEventListener("keydown", move);
  dialog.addEventListener("click", (event) => { if (event.target === dialog || event.target.closest("a")) dialog.close(); });
}

async function load() {
  const rows = await (await fetch(new URL("search/index.json", ROOT))).json();
  const documents = rows.map(([kind, title, address, content, names], id) => ({ id, kind, title, address, content, names }));
  const index = new MiniSearch({
    fields: ["title", "names", "content"],
    storeFields: ["kind", "title", "address", "content"],
    processTerm: (term) => bare(term) || null,
    searchOptions: { boost: { title: 4, names: 4 }, prefix: (term) => term.length > 2, combineWith: "AND" },
  });
  index.addAll(documents);
  return index;
}

export async function openSearch() {
  if (!dialog) build();
  dialog.showModal();
  input.select();
  ready ||= load();
  try { await ready; } catch { said.textContent = "The search index could not be loaded."; ready = undefined; return; }
  find();
}

async function find() {
  const index = await ready;
  const query = input.value.trim();
  chosen = -1;
  if (!query) { list.replaceChildren(); said.textContent = ""; return; }
  let hits = index.search(query);
  if (!hits.length) hits = index.search(query.replace(/\s+/g, ""));
  if (!hits.length) hits = index.search(query, { fuzzy: 0.2 });
  said.textContent = hits.length ? `${hits.length} found` : `Nothing found for “${query}”`;
  const groups = KINDS.map((kind) => [kind, hits.filter((hit) => hit.kind === kind)]).filter(([, found]) => found.length);
  groups.sort(([, a], [, b]) => b[0].score - a[0].score);
  list.replaceChildren(...groups.map(([kind, found]) => group(kind, found, query)));
}

function group(kind, found, query) {
  const section = document.createElement("section");
  const heading = document.createElement("h2");
  heading.textContent = HEADINGS[kind];
  const items = document.createElement("ul");
  for (const hit of found.slice(0, MOST)) {
    const item = document.createElement("li");
    const link = document.createElement("a");
    link.href = new URL(hit.address, ROOT);
    const title = document.createElement("b");
    title.textContent = hit.title;
    link.append(title, excerpt(hit.content, hit.terms, query));
    item.append(link);
    items.append(item);
  }
  section.append(heading, items);
  return section;
}

/* The words round the first hit, with every hit marked. */
function excerpt(content, terms, query) {
  const wanted = [...terms, ...query.split(/\s+/)].map(bare).filter(Boolean);
  const words = content.split(/(?<=\s)/);
  const hit = (word) => { const plain = bare(word); return wanted.some((term) => plain.startsWith(term) || plain.replace(/^\P{L}+/u, "").startsWith(term)); };
  const first = Math.max(words.findIndex(hit), 0);
  const from = Math.max(first - 8, 0);
  const span = document.createElement("span");
  if (from) span.append("… ");
  for (const word of words.slice(from, from + 28)) {
    if (!hit(word)) { span.append(word); continue; }
    const mark = document.createElement("mark");
    mark.textContent = word.trimEnd();
    span.append(mark, " ");
  }
  if (from + 28 < words.length) span.append("…");
  return span;
}

function move(event) {
  if (event.key === "Escape") { // in a search field it would empty the field first
    event.preventDefault();
    dialog.close();
    return;
  }
  const links = [...list.querySelectorAll("a")];
  if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    event.preventDefault();
    chosen = Math.min(Math.max(chosen + (event.key === "ArrowDown" ? 1 : -1), -1), links.length - 1);
    (links[chosen] || input).focus();
  } else if (event.key === "Enter" && document.activeElement === input && links.length) {
    event.preventDefault();
    links[0].click();
  }
}
