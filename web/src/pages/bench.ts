import { html, nothing, render } from "lit-html";
import { get, part } from "../api";
import { drawBoard, published } from "../board";
import { Chart, intervals } from "../charts";
import { day, number } from "../format";
import { start } from "../starting";
import type { PairedDifference, ShownBench } from "../types";
import { attempt, copyable, facts, loading, table, type Visit } from "../view";

/** A bench: its leaderboard, two methods seed by seed, and how it is run again. */
export async function bench({ root, parts, query, left }: Visit): Promise<void> {
  render(loading("the bench"), root);
  const shown = await get<ShownBench>(`/api/benches/${part(parts[0]!)}`, left);
  if (left.aborted) return;
  document.title = `${shown.id} · Paramorph`;
  const { record } = shown;
  const names = record?.methods.map(entry => entry.name) ?? [];
  const chosen = { a: names.includes(query.get("a") ?? "") ? query.get("a")! : names[0] ?? "", b: names.includes(query.get("b") ?? "") ? query.get("b")! : names[1] ?? "" };

  function onRun(event: SubmitEvent): void {
    event.preventDefault();
    const form = new FormData(event.target as HTMLFormElement);
    const seeds = Number(form.get("seeds"));
    void start({ kind: "Bench", id: shown.id, size: String(form.get("size")), seeds: seeds > 0 ? seeds : undefined, methods: form.getAll("method").map(String).filter(name => name !== "") });
  }

  render(html`
    <nav class="crumbs" aria-label="Where this is"><a href="/benches">Benches</a></nav>
    <header><h1>${shown.id}</h1><p class="lead">${shown.meaning}</p></header>
    <div class="columns">
      <div>${record ? html`
        ${shown.isStale ? html`<p class="notice">The bench has changed since this was recorded.</p>` : nothing}
        ${record.ready ? nothing : html`<p class="notice">Not ready: a standing method stays behind its published figure, so nothing is decided here.</p>`}
        <div id="board"></div>` : html`<p class="notice">Nothing is on record yet: run it, or ask <code>paramorph bench ${shown.id}</code>.</p>`}</div>
      <aside>
        <section class="card run-card"><h2>Run it</h2><form @submit=${onRun}>
          <fieldset class="switch"><legend>Size</legend><label><input type="radio" name="size" value="Smoke" checked><span>Smoke <small>seconds</small></span></label><label><input type="radio" name="size" value="Full"><span>Full <small>what is on record is not repeated</small></span></label></fieldset>
          <label>Seeds <input type="number" name="seeds" min="1" max="100"></label>
          <label>With one more method <select name="method"><option value="">none</option>${shown.further.map(name => html`<option>${name}</option>`)}</select></label>
          <button class="primary">Run</button></form></section>
        <section class="card"><h2>About</h2>${facts([
          ["tasks", shown.tasks.join(", ")], ["budget", `${shown.budget} for each method, task and seed`], ["seeds", record?.seeds.length], ["recorded", record ? day(record.date) : null],
          ["metrics", shown.metrics.map(metric => html`<span class="block"><strong>${metric.name}</strong> ${metric.meaning}</span>`)], ["command", copyable(`paramorph bench ${shown.id}`, "the command")],
        ])}</section>
      </aside>
    </div>
    ${record && names.length > 1 ? html`<section><h2>Two methods, seed by seed</h2>
      <p><label class="inline">First <select id="a" @change=${(event: Event) => { chosen.a = (event.target as HTMLSelectElement).value; void compare(); }}>${names.map(name => html`<option ?selected=${name === chosen.a}>${name}</option>`)}</select></label>
        <label class="inline">minus <select id="b" @change=${(event: Event) => { chosen.b = (event.target as HTMLSelectElement).value; void compare(); }}>${names.map(name => html`<option ?selected=${name === chosen.b}>${name}</option>`)}</select></label></p>
      <div id="difference"></div></section>` : nothing}
    ${record ? published(record) : nothing}
    <section><h2>Methods</h2><dl class="arms">${shown.standing.map(arm => html`<div><dt>${arm.name} <small>${arm.role.toLowerCase()}</small></dt><dd>${arm.meaning}</dd></div>`)}</dl></section>`, root);
  if (!record) return;
  drawBoard(root.querySelector<HTMLElement>("#board")!, record, shown.metrics);

  async function compare(): Promise<void> {
    const place = root.querySelector<HTMLElement>("#difference");
    if (!place) return;
    history.replaceState(null, "", `/benches/${part(shown.id)}?a=${part(chosen.a)}&b=${part(chosen.b)}`);
    const difference = await attempt(() => get<PairedDifference>(`/api/benches/${part(shown.id)}/difference?a=${part(chosen.a)}&b=${part(chosen.b)}`, left));
    if (!difference || left.aborted) return;
    const objective = difference.rows.filter(row => row.metric === shown.metrics[0]!.name);
    const tone = (row: PairedDifference["rows"][number]): string => {
      const sign = row.better === "Higher" ? 1 : -1;
      if (row.low === null || row.high === null || (row.low <= 0 && row.high >= 0)) return "#8b93a1";
      return sign * row.mean! > 0 ? "#2a9d8f" : "#d6455d";
    };
    const chart = new Chart({
      title: `${shown.metrics[0]!.name}: ${difference.a} minus ${difference.b}`, label: objective.map(row => `${row.task ?? "all tasks"}: ${number(row.mean)}, ${number(row.low)} to ${number(row.high)}`).join("; "),
      plot: () => intervals(objective.map(row => ({ name: row.task ?? "all tasks", mean: row.mean, low: row.low, high: row.high, tone: tone(row) })), 0, `difference; ${shown.metrics[0]!.better === "Higher" ? "right of zero the first is better" : "left of zero the first is better"}`),
    });
    render(html`<div class="charts">${chart.root}</div>${table("Paired differences", html`<th>metric</th><th>task</th><th class="n">mean difference</th><th class="n">90 % interval</th><th>by seed</th><th>reads</th>`, difference.rows.map(row => html`
      <tr><td>${row.metric}</td><td>${row.task ?? "all"}</td><td class="n">${number(row.mean)}</td><td class="n">${number(row.low)} to ${number(row.high)}</td>
        <td class="wide">${row.seeds.map(seed => html`<span class="seed">${seed.seed}: ${number(seed.difference, 3)}</span> `)}</td><td class="wide">${reading(row, difference)}</td></tr>`))}`, place);
  }
  await compare();
}

function reading(row: PairedDifference["rows"][number], both: PairedDifference): string {
  if (row.better === "Neither") return "";
  if (row.low === null || row.high === null || (row.low <= 0 && row.high >= 0)) return "the seeds do not decide";
  return `${(row.better === "Higher") === (row.mean! > 0) ? both.a : both.b} is better`;
}
