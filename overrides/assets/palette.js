/* Runs before the first paint, so that a dark page is never light first. */
{
  const chosen = window.__md_get("__palette")?.color;
  if (chosen) {
    if (chosen.media === "(prefers-color-scheme)") {
      const media = matchMedia("(prefers-color-scheme: light)").matches ? "light" : "dark";
      const input = document.querySelector(`[data-md-color-media="(prefers-color-scheme: ${media})"]`);
      for (const name of ["scheme", "primary", "accent"]) chosen[name] = input?.getAttribute(`data-md-color-${name}`);
    }
    for (const [name, value] of Object.entries(chosen)) document.body.setAttribute(`data-md-color-${name}`, value);
  }
}
