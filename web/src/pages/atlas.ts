import { html, render } from "lit-html";
import { get, part } from "../api";
import { family } from "../format";
import type { ListedPaper, MapPlace } from "../types";
import { chip, loading, statuses, type Visit } from "../view";
import { drawMap, type PaperMap } from "../map";

let papers: ListedPaper[] | undefined;

/** All papers, by family or on a map, and what of them is shown. */
export async function atlas({ root, left }: Visit): Promise<void> {
  render(loading("the papers"), root);
  papers ??= await get<ListedPaper[]>("/api/papers", left);
  const all = papers;
  const texts = all.map(paper => `${paper.id} ${paper.title} ${paper.what} ${paper.kind} ${paper.family}`.toLowerCase());
  const working = (name: string): number => all.filter(paper => paper.family === name && paper.status !== "planned").length;
  // Families in which most can be run come first.
  const families = [...new Set(all.map(paper => paper.family))].sort((a, b) => working(b) - working(a) || family(a).localeCompare(family(b)));
  const kinds = [...new Set(all.map(paper => paper.kind))].sort();
  const asked = new URLSearchParams(location.search);
  const chosen = { text: asked.get("q") ?? "", statuses: new Set(asked.getAll("status")), family: asked.get("family") ?? "", kind: asked.get("kind") ?? "", isMap: asked.get("view") === "map" };
  let map: PaperMap | undefined;
  // Those that run come first.
  const order = [...all.keys()].sort((a, b) => Number(all[a]!.status === "planned") - Number(all[b]!.status === "planned"));

  const count = (status: string): number => all.filter(paper => paper.status === status).length;
  const running = all.filter(paper => paper.status !== "planned").length;

  // Rows are made once; a filter only hides some of them.
  render(html`
    <section class="hero">
      <h1>${all.length} papers, ${running} of which run here</h1>
      <p class="lead">Each claim is an experiment that this machine can repeat: method and baselines tuned alike, several seeds, and a verdict by measurement.</p>
      <div class="proportions" aria-hidden="true">${statuses.filter(status => count(status) > 0).map(status => html`<span class="part ${status.replace(" ", "-")}" data-count=${count(status)}></span>`)}</div>
    </section>
    <form class="filters" role="search" aria-label="Filter the papers" @submit=${(event: Event) => event.preventDefault()}>
      <input id="filter" type="search" placeholder="Filter by words" aria-label="Filter by words" .value=${chosen.text} @input=${(event: Event) => { chosen.text = (event.target as HTMLInputElement).value; apply(); }}>
      <select aria-label="Family" @change=${(event: Event) => { chosen.family = (event.target as HTMLSelectElement).value; apply(); }}>
        <option value="">all families</option>${[...families].sort((a, b) => family(a).localeCompare(family(b))).map(name => html`<option value=${name} ?selected=${name === chosen.family}>${family(name)}</option>`)}
      </select>
      <select aria-label="Kind" @change=${(event: Event) => { chosen.kind = (event.target as HTMLSelectElement).value; apply(); }}>
        <option value="">all kinds</option>${kinds.map(name => html`<option value=${name} ?selected=${name === chosen.kind}>${name}</option>`)}
      </select>
      <div class="chips" role="group" aria-label="Verdicts">${statuses.filter(status => count(status) > 0).map(status => html`
        <button type="button" class="toggle" aria-pressed=${chosen.statuses.has(status)} @click=${(event: Event) => {
          if (!chosen.statuses.delete(status)) chosen.statuses.add(status);
          (event.currentTarget as HTMLElement).setAttribute("aria-pressed", String(chosen.statuses.has(status)));
          apply();
        }}>${chip(status)}<span class="count">${count(status)}</span></button>`)}
      </div>
      <div class="switch" role="group" aria-label="View">
        <button type="button" id="as-list" aria-pressed=${!chosen.isMap} @click=${() => view(false)}>List</button>
        <button type="button" id="as-map" aria-pressed=${chosen.isMap} @click=${() => view(true)}>Map</button>
      </div>
    </form>
    <p class="found" role="status" aria-live="polite"></p>
    <div class="families">${families.map(name => html`
      <section class="family" data-family=${name} aria-label=${family(name)}>
        <h2>${family(name)} <span class="count"></span></h2>
        <ul class="papers">${order.filter(i => all[i]!.family === name).map(i => [all[i]!, i] as const).map(([paper, i]) => html`
          <li data-place=${i} class=${paper.status === "planned" ? "later" : ""}><a href="/papers/${part(paper.id)}"><span class="title">${paper.title}</span>${chip(paper.status)}<span class="what">${paper.what}</span></a></li>`)}
        </ul>
      </section>`)}
    </div>
    <p class="nothing" hidden>No paper has all that. <button type="button" class="link" @click=${clear}>Show all</button></p>
    <div class="map" hidden></div>`, root);

  // Styles are set by script and not by attributes, which the policy of the page refuses.
  for (const share of root.querySelectorAll<HTMLElement>(".part")) share.style.flexGrow = share.dataset.count!;
  const rows: HTMLElement[] = [];
  for (const row of root.querySelectorAll<HTMLElement>("li[data-place]")) rows[Number(row.dataset.place)] = row;
  const sections = [...root.querySelectorAll<HTMLElement>("section.family")];
  const found = root.querySelector<HTMLElement>(".found")!, nothing = root.querySelector<HTMLElement>(".nothing")!, list = root.querySelector<HTMLElement>(".families")!, place = root.querySelector<HTMLElement>(".map")!;

  function fits(): boolean[] {
    const words = chosen.text.toLowerCase().split(/\s+/).filter(word => word !== "");
    return all.map((paper, i) => (chosen.family === "" || paper.family === chosen.family) && (chosen.kind === "" || paper.kind === chosen.kind)
      && (chosen.statuses.size === 0 || chosen.statuses.has(paper.status)) && words.every(word => texts[i]!.includes(word)));
  }

  function apply(): void {
    const shown = fits();
    const counts = new Map<string, number>();
    let total = 0;
    shown.forEach((isShown, i) => {
      rows[i]!.hidden = !isShown;
      if (!isShown) return;
      total++;
      counts.set(all[i]!.family, (counts.get(all[i]!.family) ?? 0) + 1);
    });
    for (const section of sections) {
      const number = counts.get(section.dataset.family!) ?? 0;
      section.hidden = number === 0;
      section.querySelector(".count")!.textContent = String(number);
    }
    found.textContent = total === all.length ? `${total} papers` : `${total} of ${all.length} papers`;
    nothing.hidden = total > 0;
    list.hidden = chosen.isMap;
    place.hidden = !chosen.isMap;
    map?.show(shown);
    remember();
  }

  function remember(): void {
    const query = new URLSearchParams();
    if (chosen.text.trim() !== "") query.set("q", chosen.text.trim());
    for (const status of chosen.statuses) query.append("status", status);
    if (chosen.family !== "") query.set("family", chosen.family);
    if (chosen.kind !== "") query.set("kind", chosen.kind);
    if (chosen.isMap) query.set("view", "map");
    history.replaceState(null, "", query.size > 0 ? `/?${query}` : "/");
  }

  function clear(): void {
    chosen.text = chosen.family = chosen.kind = "";
    chosen.statuses.clear();
    root.querySelector<HTMLInputElement>("#filter")!.value = "";
    for (const select of root.querySelectorAll("select")) select.value = "";
    for (const toggle of root.querySelectorAll(".toggle")) toggle.setAttribute("aria-pressed", "false");
    apply();
  }

  function view(isMap: boolean): void {
    chosen.isMap = isMap;
    root.querySelector("#as-list")!.setAttribute("aria-pressed", String(!isMap));
    root.querySelector("#as-map")!.setAttribute("aria-pressed", String(isMap));
    apply();
    if (isMap) void open();
  }

  async function open(): Promise<void> {
    if (map) return;
    render(loading("the map"), place);
    const places = await get<MapPlace[]>("/api/map", left);
    if (left.aborted) return;
    place.replaceChildren();
    map = drawMap(place, all, places);
    map.show(fits());
  }

  apply();
  if (chosen.isMap) await open();
}
