import { render } from "lit-html";
import { atlas } from "./pages/atlas";
import { searchBox } from "./search";
import "./style.css";
import { themeSwitch } from "./theme";
import { failure, loading, type Page } from "./view";

// Pages beyond the first come when they are asked for, and the charts with them.
const pages: [RegExp, string, () => Promise<Page>][] = [
  [/^\/$/, "Papers", async () => atlas],
  [/^\/papers\/([^/]+)$/, "Paper", async () => (await import("./pages/paper")).paper],
  [/^\/benches$/, "Benches", async () => (await import("./pages/benches")).benches],
  [/^\/benches\/([^/]+)$/, "Bench", async () => (await import("./pages/bench")).bench],
  [/^\/runs$/, "Runs", async () => (await import("./pages/runs")).runs],
  [/^\/runs\/([^/]+)$/, "Run", async () => (await import("./pages/run")).run],
  [/^\/compare$/, "Two runs", async () => (await import("./pages/compare")).compare],
  [/^\/fit$/, "Fit", async () => (await import("./pages/fit")).fit],
  [/^\/models$/, "Models", async () => (await import("./pages/models")).models],
  [/^\/models\/([^/]+)$/, "Model", async () => (await import("./pages/model")).model],
];

let leave = new AbortController();
let shown = "";

async function show(): Promise<void> {
  // A change of the query alone is the page's own business.
  if (location.pathname === shown && shown === "/") return;
  shown = location.pathname;
  leave.abort();
  leave = new AbortController();
  const left = leave.signal;
  const main = document.getElementById("page")!;
  // A page of its own each time, so that one that answers late draws into nothing.
  const root = document.createElement("div");
  main.replaceChildren(root);
  for (const link of document.querySelectorAll<HTMLAnchorElement>("header nav a")) {
    const path = new URL(link.href).pathname;
    const isHere = path === "/" ? shown === "/" || shown.startsWith("/papers/") : shown === path || shown.startsWith(`${path}/`) || (path === "/runs" && shown === "/compare");
    if (isHere) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
  for (const [pattern, title, load] of pages) {
    const match = pattern.exec(shown);
    if (!match) continue;
    document.title = `${title} · Paramorph`;
    try {
      const page = await load();
      if (left.aborted) return;
      await page({ root, parts: match.slice(1).map(decodeURIComponent), query: new URLSearchParams(location.search), left });
    } catch (error) {
      if (!left.aborted) render(failure(error), root);
    }
    return;
  }
  document.title = "Not found · Paramorph";
  render(failure(new Error(`there is no page ${shown}.`)), root);
}

document.addEventListener("click", event => {
  const link = (event.target as Element).closest?.("a");
  if (!link || event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
  if (link.target || link.hasAttribute("download") || link.origin !== location.origin || link.pathname.startsWith("/api/") || link.hash) return;
  event.preventDefault();
  history.pushState(null, "", link.href);
  void show();
  scrollTo(0, 0);
  document.getElementById("page")!.focus({ preventScroll: true });
});
addEventListener("popstate", () => void show());

themeSwitch(document.getElementById("theme") as HTMLButtonElement);
searchBox(document.getElementById("search")!);
render(loading(), document.getElementById("page")!);
void show();
