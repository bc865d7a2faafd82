import { html, nothing, render } from "lit-html";
import { get, part } from "../api";
import { Chart, dots } from "../charts";
import { curveCharts } from "../curves";
import { day, duration, number } from "../format";
import type { BenchRecord, ExperimentResult, ShownRun } from "../types";
import { chip, loading, stateChip, table, type Visit } from "../view";

interface Measured {
  arm: string;
  metric: string;
  values: (number | null)[];
  mean: number | null;
}

/** Two runs beside each other: what was asked, what came out, and the curves in one chart. */
export async function compare({ root, query, left }: Visit): Promise<void> {
  render(loading("the runs"), root);
  const ids = (query.get("runs") ?? "").split(",").map(Number).filter(id => id > 0).slice(0, 2);
  if (ids.length < 2) throw new Error("two runs are compared: choose them among the runs.");
  const runs = await Promise.all(ids.map(id => get<ShownRun>(`/api/runs/${part(String(id))}`, left)));
  const missing = runs.find(run => !run.result || run.run.kind === "Fit");
  if (missing) throw new Error(`run ${missing.run.id} has no results that could be compared.`);
  const measured = runs.map(run => figures(run));
  const metrics = [...new Set(measured.flatMap(all => all.map(item => item.metric)))];
  let chosen = metrics[0]!;
  const names = ids.map(id => `run ${id}`);

  const options = () => {
    const points = measured.flatMap((all, i) => all.filter(item => item.metric === chosen).flatMap(item => item.values.map((value, seed) => ({ name: `${item.arm}, ${names[i]}`, value: value ?? NaN, series: `seed ${seed + 1}` })))).filter(point => Number.isFinite(point.value));
    const arms = [...new Set(measured.flatMap(all => all.filter(item => item.metric === chosen).map(item => item.arm)))];
    const order = arms.flatMap(arm => names.map(name => `${arm}, ${name}`)).filter(name => points.some(point => point.name === name));
    return { title: chosen, label: `${chosen} of both runs`, plot: (_: number, isLog: boolean) => dots(points, order, chosen, isLog) };
  };
  const chart = new Chart({ ...options(), log: false });
  const curves = await curveCharts(runs.map((run, i) => ({ id: run.run.id, name: names[i]!, files: run.files })), left);
  if (left.aborted) return;
  const rows = (): { arm: string; both: (Measured | undefined)[] }[] =>
    [...new Set(measured.flatMap(all => all.filter(item => item.metric === chosen).map(item => item.arm)))].map(arm => ({ arm, both: measured.map(all => all.find(item => item.arm === arm && item.metric === chosen)) }));

  function draw(): void {
    render(html`
      <nav class="crumbs" aria-label="Where this is"><a href="/runs">Runs</a></nav>
      <header><h1>Runs ${ids[0]} and ${ids[1]}</h1></header>
      ${table("Both runs", html`<th></th>${runs.map(run => html`<th><a href="/runs/${run.run.id}">run ${run.run.id}</a></th>`)}`, html`
        <tr><th>of</th>${runs.map(run => html`<td>${run.run.subject}</td>`)}</tr>
        <tr><th>state</th>${runs.map(run => html`<td>${stateChip(run.run.state)} ${run.run.outcome && run.run.kind === "Paper" ? chip(run.run.outcome) : nothing}</td>`)}</tr>
        <tr><th>command</th>${runs.map(run => html`<td><code>${run.command}</code></td>`)}</tr>
        <tr><th>ended</th>${runs.map(run => html`<td>${run.run.ended ? day(run.run.ended) : "–"}</td>`)}</tr>
        <tr><th>took</th>${runs.map(run => html`<td>${run.run.began && run.run.ended ? duration((Date.parse(run.run.ended) - Date.parse(run.run.began)) / 1000) : "–"}</td>`)}</tr>
        <tr><th>parameters to the last bit</th><td colspan="2" id="bits">${bits(runs)}</td></tr>
        ${changed(runs).map(setting => html`<tr><th>${setting.name}</th>${setting.values.map(value => html`<td>${value}</td>`)}</tr>`)}`)}
      <section><h2>What was measured</h2><p><label class="inline">Metric <select @change=${(event: Event) => {
        chosen = (event.target as HTMLSelectElement).value;
        chart.root.querySelector("figcaption span")!.textContent = chosen;
        chart.refresh(options());
        draw();
      }}>${metrics.map(metric => html`<option ?selected=${metric === chosen}>${metric}</option>`)}</select></label></p>
        <div class="charts">${chart.root}</div>
        ${table("Figures of both runs", html`<th>arm</th>${names.map(name => html`<th class="n">${name}</th>`)}<th class="n">difference</th>`, rows().map(row => html`<tr><td>${row.arm}</td>${row.both.map(item => html`<td class="n">${number(item?.mean)}</td>`)}<td class="n">${row.both[0]?.mean != null && row.both[1]?.mean != null ? number(row.both[1].mean - row.both[0].mean) : "–"}</td></tr>`))}</section>
      ${curves.length > 0 ? html`<section><h2>Curves</h2><div class="charts">${curves}</div></section>` : nothing}`, root);
  }
  draw();
}

function figures(run: ShownRun): Measured[] {
  if (run.run.kind === "Bench") return (run.result as BenchRecord).methods.flatMap(entry => Object.entries(entry.metrics).map(([metric, value]) => ({ arm: entry.name, metric, values: value.values, mean: value.mean })));
  return (run.result as ExperimentResult).arms.flatMap(arm => Object.entries(arm.metrics).map(([metric, value]) => ({ arm: arm.name, metric, values: value.values, mean: value.mean })));
}

/** Whether both runs trained the same parameters. */
function bits(runs: ShownRun[]): string {
  if (runs.some(run => run.run.kind !== "Paper")) return "not told of benches";
  const [a, b] = runs.map(run => (run.result as ExperimentResult).arms.map(arm => `${arm.name} ${(arm.parameterHashes ?? []).join(" ")}`).join("\n"));
  const isKnown = runs.every(run => (run.result as ExperimentResult).arms.some(arm => arm.parameterHashes?.some(hash => hash !== null)));
  return !isKnown ? "no parameters were kept" : a === b ? "the same" : "different";
}

function changed(runs: ShownRun[]): { name: string; values: string[] }[] {
  if (runs.some(run => run.run.kind !== "Paper")) return [];
  const settings = runs.map(run => ({ size: (run.result as ExperimentResult).size, seeds: (run.result as ExperimentResult).seeds.join(", "), ...(run.result as ExperimentResult).settings }) as Record<string, string>);
  return [...new Set(settings.flatMap(all => Object.keys(all)))].filter(name => settings[0]![name] !== settings[1]![name]).map(name => ({ name, values: settings.map(all => all[name] ?? "–") }));
}
