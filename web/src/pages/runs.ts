import { html, nothing, render } from "lit-html";
import { get, part, post, remove } from "../api";
import { ago, duration } from "../format";
import type { Run } from "../types";
import { attempt, chip, go, isActive, loading, stateChip, table, type Visit } from "../view";

const kinds = { Paper: "paper", Bench: "bench", Fit: "fit" };

/** All runs: the queue, what has ended, and two to compare. */
export async function runs({ root, left }: Visit): Promise<void> {
  render(loading("the runs"), root);
  const chosen = new Set<number>();
  let all = await get<Run[]>("/api/runs", left);

  async function act(work: () => Promise<unknown>): Promise<void> {
    await attempt(work);
    await refresh();
  }

  async function refresh(): Promise<void> {
    const now = await attempt(() => get<Run[]>("/api/runs", left));
    if (!now || left.aborted) return;
    all = now;
    draw();
  }

  function choose(id: number, isChosen: boolean): void {
    if (isChosen) chosen.add(id);
    else chosen.delete(id);
    draw();
  }

  function row(run: Run) {
    return html`<tr>
      <td>${run.kind !== "Fit" && run.state === "Finished" ? html`<input type="checkbox" aria-label="Compare run ${run.id}" .checked=${chosen.has(run.id)} ?disabled=${!chosen.has(run.id) && chosen.size >= 2} @change=${(event: Event) => choose(run.id, (event.target as HTMLInputElement).checked)}>` : nothing}</td>
      <td><a href="/runs/${run.id}">Run ${run.id}</a></td><td>${kinds[run.kind]}</td>
      <td><a href=${run.kind === "Paper" ? `/papers/${part(run.subject)}` : run.kind === "Bench" ? `/benches/${part(run.subject)}` : run.state === "Finished" ? `/models/${part(run.subject)}` : `/runs/${run.id}`}>${run.subject}</a> <small>${run.arguments.filter(word => /^--(size|seeds?|budget)/.test(word)).map(word => word.replace(/^--/, "").replace("=", " ")).join(", ")}</small></td>
      <td>${stateChip(run.state)}${run.place ? html` <small>place ${run.place}</small>` : nothing} ${run.outcome ? run.kind === "Paper" ? chip(run.outcome) : html`<small>${run.outcome}</small>` : nothing}${run.message ? html`<small class="message">${run.message}</small>` : nothing}</td>
      <td class="n">${run.began ? duration(Math.max(0, ((run.ended ? Date.parse(run.ended) : Date.now()) - Date.parse(run.began)) / 1000)) : "–"}</td><td>${ago(run.created)}</td>
      <td class="actions">${isActive(run.state) ? html`<button type="button" class="small" aria-label="Stop run ${run.id}" @click=${() => act(() => post(`/api/runs/${run.id}/stop`))}>stop</button>` : html`
        ${run.state !== "Finished" ? html`<button type="button" class="small" aria-label="Resume run ${run.id}" @click=${() => act(() => post(`/api/runs/${run.id}/resume`))}>resume</button>` : nothing}
        <button type="button" class="small quiet" aria-label="Remove run ${run.id}" @click=${() => { if (confirm(`Remove run ${run.id} and its files?`)) void act(() => remove(`/api/runs/${run.id}`)); }}>remove</button>`}</td></tr>`;
  }

  function draw(): void {
    const [first, second] = [...chosen].sort((a, b) => a - b);
    render(html`
      <section class="hero"><h1>Runs</h1><p class="lead">One at a time, so that none fights with another for the cores. They go on where they were after a stop, a crash or a restart.</p></section>
      ${all.length === 0 ? html`<p class="notice">Nothing has run yet. Open a <a href="/?status=held">paper that runs</a>, or <a href="/fit">fit a model</a> to a file of yours.</p>` : html`
        <p class="bar"><button type="button" ?disabled=${second === undefined} @click=${() => go(`/compare?runs=${first},${second}`)}>Compare${second === undefined ? html` <small>choose two that have finished</small>` : html` runs ${first} and ${second}`}</button></p>
        ${table("Runs", html`<th><span class="hidden">compare</span></th><th>run</th><th>kind</th><th>of</th><th>state</th><th class="n">took</th><th>asked</th><th><span class="hidden">actions</span></th>`, all.map(row))}`}`, root);
  }
  draw();
  const timer = setInterval(() => { if (!document.hidden && all.some(run => isActive(run.state))) void refresh(); }, 2000);
  left.addEventListener("abort", () => clearInterval(timer));
}
