/* Asked for first and run before the first paint, while the rest is still read. */

document.documentElement.className = "js";

/* Light or dark, where the reader chose it: no dark page is light first. */
try {
  const { colors } = JSON.parse(localStorage.getItem("marginalia"));
  if (colors) document.documentElement.dataset.colors = colors;
} catch { /* nothing chosen: as the system is */ }

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

/* The theme takes the first move it hears of for one to another page, and fetches it. Let it hear of none within the page it began with. */
{
  let began = location.pathname;
  addEventListener("popstate", (event) => { if (location.pathname === began) event.stopImmediatePropagation(); else began = undefined; });
  addEventListener("click", (event) => { if ((event.target.closest?.("a")?.pathname ?? began) !== began) began = undefined; }, true);
}

/* The theme notes down where a reader is when the page has stood still for a while; whoever goes on sooner would come back to another place. */
addEventListener("click", (event) => { if (event.target.closest?.("a")) history.replaceState({ x: scrollX, y: scrollY }, ""); }, true);

/* Should our own script not arrive, the page goes back to what it is without one. */
addEventListener("load", () => { if (!window.marginalia) document.documentElement.className = "no-js"; });
