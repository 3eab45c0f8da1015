/* Run where it stands, at the beginning of every page, before anything is painted. */

document.documentElement.className = "js";

/* Light or dark, where the reader chose it: no dark page is light first. */
try {
  const { colors } = JSON.parse(localStorage.getItem("marginalia"));
  if (colors) document.documentElement.dataset.colors = colors;
} catch { /* nothing chosen: as the system is */ }

/* The faces of the first screen, so that the first frame waits for them a little. Not written in the head: there the theme would ask anew at every page. */
for (const href of document.currentScript.dataset.faces.split(" ")) {
  document.head.append(Object.assign(document.createElement("link"), { rel: "preload", as: "font", type: "font/woff2", crossOrigin: "", href }));
}

/* The theme makes the addresses in the head whole by setting them anew, and would undress the page for a moment.
   So it finds them whole: each style sheet makes way for an heir, at the first frame if both are there, which costs nothing. */
new MutationObserver((changes, watch) => {
  for (const link of changes.flatMap(({ addedNodes }) => [...addedNodes])) {
    if (link.rel !== "stylesheet" || link.getAttribute("href") === link.href) continue;
    const heir = link.cloneNode();
    heir.href = link.href;
    link.after(heir);
    requestAnimationFrame(heir.onload = () => { if (heir.sheet) link.remove(); });
  }
  if (document.body) watch.disconnect();
}).observe(document.head, { childList: true });

/* Should our own script not arrive, the page goes back to what it is without one. */
addEventListener("load", () => { if (!window.marginalia) document.documentElement.className = "no-js"; });
