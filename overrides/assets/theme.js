/* What the theme's bundle expects to find: where the site begins, and what the reader chose. */
document.documentElement.className = "js";
window.__md_scope = new URL(document.currentScript.dataset.base, location);
window.__md_hash = (text) => [...text].reduce((sum, c) => (sum << 5) - sum + c.charCodeAt(0), 0);
window.__md_get = (key, store, scope = window.__md_scope) => {
  try { return JSON.parse((store || localStorage).getItem(`${scope.pathname}.${key}`)); } catch { return null; }
};
window.__md_set = (key, value, store, scope = window.__md_scope) => {
  try { (store || localStorage).setItem(`${scope.pathname}.${key}`, JSON.stringify(value)); } catch { /* no store: for this page only */ }
};

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
