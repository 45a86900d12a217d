"use strict";

// A browser does not let a page from file:// read another one, which the excerpts of results need.
if (location.protocol === "file:" && typeof DOCUMENTATION_OPTIONS !== "undefined") {
  DOCUMENTATION_OPTIONS.SHOW_SEARCH_SUMMARY = false;
}

// The colours are variables of the theme, so that they follow the switch between light and dark.
const DIAGRAM_STYLE = `
  .node rect, .node polygon, .node path { fill: var(--color-background-secondary); stroke: var(--color-foreground-muted); }
  .cluster rect { fill: var(--color-background-primary); stroke: var(--color-background-border); }
  .label, .nodeLabel, .edgeLabel, .cluster-label, .cluster-label span { color: var(--color-foreground-primary); fill: var(--color-foreground-primary); }
  .edgeLabel, .edgeLabel p, .labelBkg { background-color: var(--color-background-primary); }
  .flowchart-link { stroke: var(--color-foreground-muted); }
  .marker, .arrowMarkerPath { fill: var(--color-foreground-muted); stroke: var(--color-foreground-muted); }
`;

async function drawDiagrams() {
  const diagrams = document.querySelectorAll("pre.diagram");
  if (diagrams.length === 0 || typeof mermaid === "undefined") return;
  mermaid.initialize({
    startOnLoad: false,
    securityLevel: "strict",
    theme: "base",
    themeCSS: DIAGRAM_STYLE,
    fontFamily: getComputedStyle(document.body).fontFamily,
  });
  await mermaid.run({ nodes: diagrams });
}

// Elements that scroll must be reachable by the keyboard.
function focusScrollable() {
  for (const each of document.querySelectorAll("article pre, article .table-wrapper")) {
    if (each.scrollWidth > each.clientWidth) each.tabIndex = 0;
    else each.removeAttribute("tabindex");
  }
}

document.addEventListener("DOMContentLoaded", async () => {
  await drawDiagrams();
  focusScrollable();
  addEventListener("resize", focusScrollable);
});
