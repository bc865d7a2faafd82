import { html, nothing, render } from "lit-html";
import { get, part } from "../api";
import { day } from "../format";
import type { ListedBench } from "../types";
import { loading, type Visit } from "../view";

/** All benches. */
export async function benches({ root, left }: Visit): Promise<void> {
  render(loading("the benches"), root);
  const all = await get<ListedBench[]>("/api/benches", left);
  render(html`
    <section class="hero"><h1>Benches</h1><p class="lead">Methods on tasks of one kind, searched, trained and judged alike within the same counted budget, under several seeds.</p></section>
    <ul class="cards">${all.map(bench => html`
      <li><a class="card" href="/benches/${part(bench.id)}"><h2>${bench.id}</h2><p>${bench.meaning}</p>
        <p class="meta">${bench.tasks} tasks · ordered by ${bench.metric} · ${bench.standing.length} standing methods</p>
        <p class="meta">${bench.recorded ? html`<span class="chip ${bench.isStale ? "stale" : bench.isReady ? "held" : "inconclusive"}">${bench.isStale ? "stale" : bench.isReady ? "ready" : "not ready"}</span> recorded ${day(bench.recorded)}${bench.best ? html`, best is <strong>${bench.best}</strong>` : nothing}` : html`<span class="chip not-run">no record yet</span>`}</p>
      </a></li>`)}</ul>`, root);
}
