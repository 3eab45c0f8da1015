/* The reading page's behavior. Without it the page is whole: links, footnotes, definitions at the end.
   Wide: the endnotes are set beside their lines. Narrow: a note opens between the lines. */

const KEY = "marginalia";
/* Whether there is a margin for notes: the style sheet knows. */
const wide = () => getComputedStyle(page).getPropertyValue("--mg-margin") === "yes";
let page, article, notes, tools, slip, open, inset;

function start() {
  stop();
  page = document.querySelector(".mg-page");
  article = page?.querySelector(".mg-article");
  if (!page) return;
  notes = [...page.querySelectorAll(".mg-call a")].map((call) => {
    const item = document.getElementById(decodeURIComponent(call.hash.slice(1)));
    const id = item?.dataset.note;
    return { call, item, id, number: call.textContent.trim(), marks: [...page.querySelectorAll(`.mg-check[data-note="${id}"]`)] };
  }).filter((note) => note.item);
  for (const { item, number } of notes) item.querySelector(".mg-verdict").dataset.number = number;
  tools = page.querySelector(".mg-tools");
  if (tools) apply(settings());
  for (const filters of page.querySelectorAll(".mg-filters")) sift(filters);
  lay();
  if (article) watch.observe(article);
  if (location.hash) arrive();
}

function stop() {
  close();
  slip?.remove();
  watch.disconnect();
  slip = open = inset = width = undefined;
  notes = [];
}

/* --- settings kept on the device --- */

const MARKS = ["check", "term", "country"];
const hides = (mark) => (page.dataset.hide || "").split(" ").includes(mark);

function settings() {
  try { return JSON.parse(localStorage.getItem(KEY)) || {}; } catch { return {}; }
}

function apply(now) {
  const hidden = now.hide || [];
  page.dataset.hide = hidden.join(" ");
  for (const button of tools.querySelectorAll("[data-show]")) button.setAttribute("aria-pressed", !hidden.includes(button.dataset.show));
  tools.querySelector("[data-bare]").setAttribute("aria-pressed", MARKS.every((mark) => hidden.includes(mark)));
  tools.querySelector("[data-keys]").setAttribute("aria-pressed", !now.silent);
  tools.querySelector("[data-reset]").hidden = !hidden.length && !now.silent;
  for (const link of page.querySelectorAll(".mg-article :is(.mg-term, .mg-country)")) link.tabIndex = hidden.includes(kind(link)) ? -1 : 0;
}

function keep(now) {
  const chosen = Object.entries(now).filter(([, value]) => value?.length || value === true);
  try { chosen.length ? localStorage.setItem(KEY, JSON.stringify(Object.fromEntries(chosen))) : localStorage.removeItem(KEY); } catch { /* no store: for this page only */ }
}

function change(now) {
  keep(now);
  close();
  apply(now);
  lay();
}

function toggle(name) {
  const now = settings(), hidden = new Set(now.hide);
  if (!hidden.delete(name)) hidden.add(name);
  change({ ...now, hide: [...hidden] });
}

function toggleAll() {
  const now = settings();
  change({ ...now, hide: MARKS.every(hides) ? [] : MARKS });
}

/* Light, dark, or as the system has it: by turns. */

const COLORS = ["", "light", "dark"];

function color(chosen) {
  const root = document.documentElement;
  if (chosen) root.dataset.colors = chosen; else delete root.dataset.colors;
  document.querySelector(".mg-colors").setAttribute("aria-label", `Colors: ${chosen || "as the system"}`);
}

function nextColor() {
  const chosen = COLORS[(COLORS.indexOf(document.documentElement.dataset.colors || "") + 1) % COLORS.length];
  keep({ ...settings(), colors: chosen });
  color(chosen);
}

/* --- the index of checks: filters and sorting over its plain table --- */

function sift(filters) {
  const table = page.querySelector(`[data-index="${filters.dataset.filters}"]`);
  const rows = [...table.tBodies[0].rows];
  const said = filters.querySelector("output");
  filters.onchange = () => {
    const wanted = [...filters.querySelectorAll("select")].filter((s) => s.value);
    for (const row of rows) row.hidden = !wanted.every((s) => row.dataset[s.name].split(" ").includes(s.value));
    said.textContent = `${rows.filter((row) => !row.hidden).length} shown`;
  };
  const scale = [...filters.querySelector("[name=verdict]").options].map((o) => o.value);
  const worth = (row, column) => {
    const cell = row.cells[column], text = cell.textContent.trim();
    return column === 4 ? scale.indexOf(row.dataset.verdict) : column < 2 ? Number(text) : text.toLowerCase();
  };
  [...table.tHead.rows[0].cells].forEach((head, column) => {
    if (head.querySelector("button")) return;
    const button = document.createElement("button");
    button.type = "button";
    button.className = "mg-sort";
    button.textContent = head.textContent;
    head.replaceChildren(button);
    button.onclick = () => {
      const up = head.getAttribute("aria-sort") !== "ascending";
      for (const other of table.tHead.rows[0].cells) other.removeAttribute("aria-sort");
      head.setAttribute("aria-sort", up ? "ascending" : "descending");
      rows.sort((a, b) => { const x = worth(a, column), y = worth(b, column); return (x < y ? -1 : x > y ? 1 : 0) * (up ? 1 : -1); });
      table.tBodies[0].append(...rows);
    };
  });
}

/* --- notes beside the line --- */

function lay() {
  if (!article || !notes.length) return;
  const margin = wide();
  page.classList.toggle("is-margin", margin);
  for (const { item } of notes) { item.style.top = ""; item.classList.remove("is-roomy"); }
  if (!margin) return;
  const top = page.getBoundingClientRect().top;
  const wanted = notes.map(({ marks, call }) => (marks[0] || call).getClientRects()[0].top - top);
  const heights = notes.map(({ item }) => item.offsetHeight);
  for (const { item } of notes) item.classList.add("is-roomy");
  const roomy = notes.map(({ item }) => item.offsetHeight);
  let free = 0;
  const at = wanted.map((y, n) => { const here = Math.max(y, free); free = here + heights[n] + GAP; return here; });
  notes.forEach(({ item }, n) => {
    const limit = n + 1 < at.length ? at[n + 1] - GAP : Infinity;
    item.classList.toggle("is-roomy", at[n] + roomy[n] <= limit);
    item.style.top = `${at[n]}px`;
  });
  const last = at.length - 1;
  const bottom = at[last] + roomy[last];
  const end = article.getBoundingClientRect().bottom - top;
  article.style.marginBottom = bottom > end ? `${bottom - end}px` : "";
}
const GAP = 8;

/* --- opening and closing --- */

function show(note, pinned) {
  if (open?.note === note) { open.pinned ||= pinned; return; }
  close();
  open = { note, pinned };
  for (const mark of note.marks) mark.classList.add("is-open");
  note.item.classList.add("is-open");
  note.call.setAttribute("aria-expanded", "true");
  tools?.querySelector(`rect[data-note="${note.id}"]`)?.classList.add("is-open");
  const output = tools?.querySelector(".mg-at");
  if (output) output.textContent = `${note.number}/${notes.length}`;
  if (!wide()) putBetweenLines(note.call, note.item.querySelector("p"), note.item.dataset.verdict);
}

function close() {
  if (open) {
    for (const mark of open.note.marks) mark.classList.remove("is-open");
    open.note.item.classList.remove("is-open");
    open.note.call.removeAttribute("aria-expanded");
    tools?.querySelector("rect.is-open")?.classList.remove("is-open");
  }
  open = undefined;
  if (inset) {
    const parent = inset.box.parentNode;
    inset.box.remove();
    parent?.normalize();
    inset.trigger.removeAttribute("aria-expanded");
    inset = undefined;
  }
  hideSlip();
}

function hideSlip() {
  if (!slip || slip.hidden) return;
  slip.hidden = true;
  page.querySelector(`[aria-describedby="${slip.id}"]`)?.removeAttribute("aria-describedby");
}

/* A copy of `source` behind the line on which `trigger` ends, so that it covers nothing. */
function putBetweenLines(trigger, source, verdict) {
  const box = document.createElement("span");
  box.className = "mg-inset apparatus";
  box.setAttribute("role", "note");
  if (verdict) box.dataset.verdict = verdict;
  for (const node of source.childNodes) box.append(node.cloneNode(true));
  const block = trigger.closest("p, li, dd, td") || trigger.parentNode;
  const line = [...trigger.getClientRects()].at(-1);
  const place = afterLine(block, trigger, line.bottom);
  if (place) place.node.parentNode.insertBefore(box, place.node.splitText(place.offset));
  else block.append(box);
  trigger.setAttribute("aria-expanded", "true");
  inset = { box, trigger };
}

function afterLine(block, trigger, bottom) {
  const walker = document.createTreeWalker(block, NodeFilter.SHOW_TEXT);
  const range = document.createRange();
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    if (!(trigger.compareDocumentPosition(node) & Node.DOCUMENT_POSITION_FOLLOWING) || trigger.contains(node) || node.parentNode.closest(".apparatus")) continue;
    for (const word of node.data.matchAll(/\S+/g)) {
      range.setStart(node, word.index);
      range.setEnd(node, word.index + 1);
      const rect = range.getClientRects()[0];
      if (rect && rect.top > bottom - 4) return { node, offset: word.index };
    }
  }
}

function kind(link) {
  return link.classList.contains("mg-term") ? "term" : "country";
}

function definition(link) {
  const term = document.querySelector(`[data-definition="${link.dataset.entry}"]`);
  if (!term) return;
  const holder = document.createElement("span");
  const name = document.createElement("b");
  name.textContent = `${term.textContent.trim()}: `;
  const more = document.createElement("a");
  more.href = link.href;
  more.className = "mg-more";
  more.textContent = "Read more";
  holder.append(name, ...[...term.nextElementSibling.childNodes].map((n) => n.cloneNode(true)), " ", more);
  return holder;
}

/* Wide pages: a term's definition on a slip in the margin, at the height of its line. */
function slipFor(link) {
  const words = definition(link);
  if (!words) return;
  hideSlip();
  if (!slip) {
    slip = document.createElement("div");
    slip.className = "mg-slip";
    slip.id = "mg-slip";
    slip.setAttribute("role", "tooltip");
    page.append(slip);
  }
  slip.replaceChildren(...words.childNodes);
  slip.querySelector(".mg-more")?.remove();
  slip.hidden = false;
  slip.style.top = `${link.getClientRects()[0].top - page.getBoundingClientRect().top - 8}px`;
  link.setAttribute("aria-describedby", slip.id);
}

function noteOf(target) {
  const call = target.closest?.(".mg-call a");
  if (call) return notes.find((note) => note.call === call);
  const item = target.closest?.(".mg-note");
  if (item) return notes.find((note) => note.item === item);
  const mark = target.closest?.(".mg-check");
  return mark && notes.find((note) => note.id === mark.dataset.note);
}

/* --- events, once for all pages --- */

const named = (target) => target.closest?.(".mg-term[data-entry], .mg-country[data-entry]");
const active = (link) => !hides(kind(link));
let touched = false;

addEventListener("pointerdown", (event) => { touched = event.pointerType === "touch"; }, true);

/* Clicks are caught before the theme's instant navigation sees them: it follows every link, whatever we do with it.
   Links within a page are left to the browser, since the theme would fetch the page anew; links in drawings too, since it cannot read them. */
addEventListener("click", (event) => {
  const target = event.target, clicked = target.closest?.("a");
  if (clicked && (clicked.closest("svg") || (clicked.hash && clicked.href === location.href.split("#")[0] + clicked.hash))) event.stopPropagation();
  if (!page || event.button || event.metaKey || event.ctrlKey || event.shiftKey) return;
  const button = target.closest?.(".mg-tools button");
  if (button) {
    if (button.dataset.show) toggle(button.dataset.show);
    if (button.dataset.bare) toggleAll();
    if (button.dataset.step) step(Number(button.dataset.step));
    if (button.dataset.copy) copy(wordsLink(), "the words");
    if (button.dataset.print) print();
    if (button.dataset.keys) change({ ...settings(), silent: !settings().silent });
    if (button.dataset.reset) change({ colors: settings().colors });
    return;
  }
  const number = target.closest?.(".mg-n");
  if (number) { copy(new URL(number.href).href, `¶ ${number.textContent}`); return; }
  const spot = target.closest?.(".mg-map rect");
  if (spot) { const note = notes.find((n) => n.id === spot.dataset.note); if (note) go(note); return; }
  const link = named(target);
  if (link && active(link)) {
    const margin = wide();
    if (margin && (!touched || link.hasAttribute("aria-describedby"))) return;
    const mine = inset?.trigger === link;
    const words = definition(link);
    if (!words) return;
    halt(event);
    close();
    if (margin) slipFor(link);
    else if (!mine) putBetweenLines(link, words);
    return;
  }
  const call = target.closest?.(".mg-call a");
  if (call) {
    halt(event);
    const note = noteOf(call);
    if (open?.note === note && open.pinned) close();
    else { close(); show(note, true); }
    return;
  }
  if (!target.closest?.(".mg-inset, .mg-note, .mg-slip, .mg-tools")) close();
}, true);

function halt(event) {
  event.preventDefault();
  event.stopPropagation();
}

/* What is open stays for a moment, so that the pointer can go there across other words. */
let resting;
addEventListener("pointerover", (event) => {
  clearTimeout(resting);
  if (!page || event.pointerType === "touch" || !wide() || event.target.closest?.(".mg-slip")) return;
  resting = setTimeout(rest, open || (slip && !slip.hidden) ? 350 : 50, event.target);
});

function rest(target) {
  if (!page) return;
  const link = named(target);
  if (link && active(link)) return slipFor(link);
  hideSlip();
  if (open?.pinned || hides("check")) return;
  const note = noteOf(target);
  if (note) show(note, false); else if (open) close();
}

addEventListener("focusin", (event) => {
  const target = event.target;
  if (!page || !target.matches?.(":focus-visible")) return;
  const link = named(target);
  if (link && wide()) { close(); slipFor(link); return; }
  if (target.matches(".mg-call a")) show(noteOf(target), false);
  else if (!target.closest(".mg-inset, .mg-note, .mg-tools")) close();
});

addEventListener("keydown", (event) => {
  if (!page || event.metaKey || event.ctrlKey || event.altKey) return;
  const typing = event.target.closest?.("input, textarea, select, dialog, [contenteditable]");
  if (typing && !typing.closest("dialog:not([open])")) return; // a field just closed keeps the focus until the next frame
  if (event.key === "Escape" && (open || inset || (slip && !slip.hidden))) {
    const back = inset?.box.contains(document.activeElement) ? inset.trigger : undefined;
    close();
    back?.focus();
  }
  if (!/^[npsf/.,]$/.test(event.key)) return;
  if (settings().silent) { event.stopImmediatePropagation(); return; }
  if (/[np]/.test(event.key) && notes.length) {
    event.stopImmediatePropagation();
    step(event.key === "n" ? 1 : -1);
  }
  if (/[sf/]/.test(event.key)) {
    event.stopImmediatePropagation();
    event.preventDefault();
    search();
  }
}, true);

document.addEventListener("selectionchange", () => {
  const button = tools?.querySelector("[data-copy]");
  if (button) button.hidden = !selectedWords();
});

/* The column changes with the window and with the reader's size of text. */
let width;
const watch = new ResizeObserver(([{ contentRect }]) => {
  const before = width;
  width = contentRect.width;
  if (before !== undefined && before !== width) { close(); lay(); }
});
addEventListener("hashchange", arrive);
addEventListener("beforeprint", () => { useFaces(); page?.classList.remove("is-margin"); });
addEventListener("afterprint", lay);

/* --- moving and linking --- */

function step(by) {
  if (hides("check")) return;
  const y = innerHeight / 3;
  let at = open ? notes.indexOf(open.note) + by : by > 0
    ? notes.findIndex(({ call }) => call.getBoundingClientRect().top > y)
    : notes.findLastIndex(({ call }) => call.getBoundingClientRect().top < y);
  at = Math.min(Math.max(at, 0), notes.length - 1);
  go(notes[at]);
}

function go(note) {
  show(note, true);
  note.call.focus({ preventScroll: true });
  note.call.scrollIntoView({ block: "center", behavior: matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth" });
}

function arrive() {
  const id = decodeURIComponent(location.hash.slice(1));
  const note = notes?.find((n) => id === n.item.id || id === `check-${n.id}` || id === n.call.parentNode.id);
  if (!note || hides("check")) return;
  close();
  show(note, true);
  if (id !== note.item.id) return;
  const go = () => note.call.scrollIntoView({ block: "center" });
  go();
  if (document.readyState !== "complete") addEventListener("load", () => requestAnimationFrame(go), { once: true }); // the browser goes to the endnote once more
}

function selectedWords() {
  const selection = getSelection();
  return selection && !selection.isCollapsed && article?.contains(selection.anchorNode) && article.contains(selection.focusNode) ? selection : null;
}

/* A link to the selected words: a text fragment, and the paragraph for browsers that know none.
   Browsers find words within one paragraph only, and not across a note's number; so the first and the last words will do. */
function wordsLink() {
  const chosen = stretches(getSelection().getRangeAt(0));
  if (!chosen.length) return location.href;
  const first = chosen[0], last = chosen.at(-1);
  const split = ({ text, from, to }) => text.slice(from, to).split(/\s+/);
  const code = (words) => encodeURIComponent(words.join(" ")).replace(/-/g, "%2D");
  const whole = chosen.length === 1 && split(first).length <= 8;
  const begin = whole ? split(first) : split(first).slice(0, 4);
  let text = whole ? code(begin) : `${code(begin)},${code(split(last).slice(-4))}`;
  if (page.textContent.split(begin.join(" ")).length > 2) {
    const before = split({ text: first.text.slice(0, first.from).trim() }).slice(-4);
    const after = split({ text: last.text.slice(last.to).trim() }).slice(0, 4);
    if (before[0]) text = `${code(before)}-,${text}`;
    else if (after[0] && whole) text += `,-${code(after)}`; // with both, Chromium misses some that are there
  }
  return `${location.origin}${location.pathname}#${first.block.id}:~:text=${text}`;
}

/* The whole words in `range`, in stretches of the article's own text that nothing of ours interrupts. */
function stretches(range) {
  const found = [];
  const walker = document.createTreeWalker(article, NodeFilter.SHOW_TEXT);
  let last;
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const block = node.parentNode.closest(".apparatus, .mg-article > *");
    const ours = block.classList.contains("apparatus");
    if (!ours && block !== last) found.push({ block, text: "", from: Infinity, to: 0 });
    last = ours ? undefined : block;
    if (ours) {
      const before = found.at(-1);
      if (before?.block.contains(node)) before.cut ??= /\S$/.test(before.text);
      continue;
    }
    const one = found.at(-1), begin = one.text.length;
    one.text += node.data;
    if (!range.intersectsNode(node)) continue;
    one.from = Math.min(one.from, begin + (node === range.startContainer ? range.startOffset : 0));
    one.to = begin + (node === range.endContainer ? range.endOffset : node.length);
  }
  const letter = /[\p{L}\p{N}]/u;
  for (const one of found) {
    if (one.from >= one.to) continue;
    while (/\S\S/.test(one.text.slice(one.from - 1, one.from + 1))) one.from--;
    while (/\S\S/.test(one.text.slice(one.to - 1, one.to + 1))) one.to++;
    while (one.from < one.to && !letter.test(one.text[one.from])) one.from++;
    while (one.from < one.to && !letter.test(one.text[one.to - 1])) one.to--;
    if (one.cut && one.to === one.text.length) one.to = one.from + Math.max(one.text.slice(one.from).search(/\s+\S+$/), 0); // browsers take "word12" for one word
  }
  return found.filter(({ from, to }) => from < to);
}

async function copy(address, what) {
  const said = tools?.querySelector(".mg-said");
  try {
    await navigator.clipboard.writeText(address);
    if (said) said.textContent = `Link to ${what} copied`;
  } catch {
    if (said) said.textContent = address;
  }
  setTimeout(() => { if (said) said.textContent = ""; }, 4000);
}

/* --- search, fetched when it is opened --- */

async function search() {
  const { openSearch } = await import("./search.js");
  openSearch();
}

addEventListener("click", ({ target }) => {
  if (target.closest?.(".mg-find")) search();
  if (target.closest?.(".mg-colors")) nextColor();
});
color(document.documentElement.dataset.colors);
window.marginalia = true;

/* Typefaces that came too late for the page a reader began with (font-display: optional) are there for the next, and for paper. */
function useFaces() {
  try { // Chromium wants the rule changed, Firefox allows it for the face alone
    for (const sheet of document.styleSheets) for (const rule of sheet.cssRules) if (rule instanceof CSSFontFaceRule) rule.style.setProperty("font-display", "swap");
  } catch {
    for (const face of document.fonts) face.display = "swap";
  }
}

start();
document.fonts?.ready.then(() => lay());

/* The theme takes the first move it hears of for one to another page, and fetches it. Let it hear of none within the page it began with. */
let began = location.pathname;
addEventListener("popstate", (event) => { if (location.pathname === began) event.stopImmediatePropagation(); else began = undefined; });
addEventListener("click", (event) => { if ((event.target.closest?.("a")?.pathname ?? began) !== began) began = undefined; }, true);

/* The theme notes down where a reader is when the page has stood still for a while; whoever goes on sooner would come back to another place. */
addEventListener("click", (event) => { if (event.target.closest?.("a")) history.replaceState({ x: scrollX, y: scrollY }, ""); }, true);

/* Who goes back soon after a page has come goes to the place that was left; the theme notes down the new page's place a moment later, as if it were the old one's. */
let left;
addEventListener("popstate", ({ state }) => { left = { path: location.pathname, state }; });

/* The theme's script, whose instant navigation replaces a page without loading it anew, comes when the first page has been painted.
   It waits for a word that the browser has said by then, and hands on every page, the first one too. */
function useTheme() {
  for (const done of document.querySelectorAll("[rel=preload]")) done.remove();
  const script = document.createElement("script");
  script.src = document.querySelector("[data-theme]").dataset.theme;
  script.onload = () => setTimeout(() => {
    document.dispatchEvent(new Event("DOMContentLoaded"));
    let pages = 0;
    window.document$.subscribe(() => {
      if (!pages++) return;
      useFaces();
      start();
      if (left?.state && left.path === location.pathname) { history.replaceState(left.state, ""); scrollTo(left.state.x, left.state.y); }
      left = undefined;
    });
  });
  document.head.append(script);
}

requestAnimationFrame(() => setTimeout(useTheme));
