import { html, nothing, render } from "lit-html";
import { Chart, heat, intervals } from "./charts";
import { duration, number, whole } from "./format";
import type { BenchEntry, BenchRecord, Metric } from "./types";
import { chip, table } from "./view";

type Column = { name: string; of: (entry: BenchEntry) => number | string | null; show: (entry: BenchEntry) => unknown };

/** A leaderboard, sorted by any column; with it where methods stand, and how they stand on each task. */
export function drawBoard(root: HTMLElement, record: BenchRecord, metrics: Metric[]): void {
  const objective = metrics[0]!;
  const known = metrics.filter(metric => record.methods.some(entry => entry.metrics[metric.name]));
  const columns: Column[] = [
    { name: "method", of: entry => entry.name, show: entry => html`<strong>${entry.name}</strong>${entry.paper ? html`<small class="source">${entry.paper}</small>` : nothing}` },
    ...known.map(metric => ({
      name: metric.name, of: (entry: BenchEntry) => entry.metrics[metric.name]?.mean ?? null,
      show: (entry: BenchEntry) => { const value = entry.metrics[metric.name]; return value ? html`${number(value.mean)} ${value.low === null ? nothing : html`<small>${number(value.low, 3)} to ${number(value.high, 3)}</small>`}` : "–"; },
    })),
    { name: "parameters", of: entry => entry.parameters, show: entry => whole(entry.parameters) },
    { name: "Gflops", of: entry => entry.flops, show: entry => number(entry.flops / 1e9) },
    { name: "time a seed", of: entry => entry.seconds, show: entry => duration(entry.seconds) },
  ];
  let by = 1, isUp = objective.better === "Lower";

  const tasks = record.tasks.length > 1 ? record.tasks : [];
  const place = document.createElement("div");
  root.append(place, charts());

  function draw(): void {
    const column = columns[by]!;
    const rows = [...record.methods].sort((a, b) => {
      const [x, y] = [column.of(a), column.of(b)];
      if (x === null || y === null) return x === y ? 0 : x === null ? 1 : -1;
      return (typeof x === "string" ? x.localeCompare(y as string) : x - (y as number)) * (isUp ? 1 : -1);
    });
    render(table("Leaderboard", columns.map((heading, i) => html`<th class=${i > 0 ? "n" : ""} aria-sort=${i === by ? isUp ? "ascending" : "descending" : "none"}><button type="button" class="sort" @click=${() => {
      if (by === i) isUp = !isUp;
      else [by, isUp] = [i, i === 0 || metrics.find(metric => metric.name === heading.name)?.better !== "Higher"];
      draw();
    }}>${heading.name}<span aria-hidden="true">${i === by ? isUp ? " ↑" : " ↓" : ""}</span></button></th>`), rows.map(entry => html`<tr class=${entry.role === "Method" ? "ours" : ""}>${columns.map((heading, i) => html`<td class=${i > 0 ? "n" : ""}>${heading.show(entry)}</td>`)}</tr>`)), place);
  }

  function charts(): HTMLElement {
    const both = document.createElement("div");
    both.className = "charts";
    const entries = record.methods.filter(entry => entry.metrics[objective.name]?.mean !== null && entry.metrics[objective.name]);
    const isPositive = entries.every(entry => (entry.metrics[objective.name]!.low ?? entry.metrics[objective.name]!.mean!) > 0);
    both.append(new Chart({
      title: `${objective.name}, mean with its 90 % interval`, label: entries.map(entry => `${entry.name} ${number(entry.metrics[objective.name]!.mean)}`).join(", "), log: isPositive && objective.better === "Lower" ? true : undefined,
      plot: (_, isLog) => intervals(entries.map(entry => ({ name: entry.name, mean: entry.metrics[objective.name]!.mean, low: entry.metrics[objective.name]!.low, high: entry.metrics[objective.name]!.high, tone: entry.role === "Method" ? "#d97706" : "#4269d0" })),
        undefined, objective.better === "Higher" ? `${objective.name}, higher is better →` : `← ${objective.name}, lower is better`, isLog && isPositive),
    }).root);
    if (tasks.length === 0) return both;
    const cells = tasks.flatMap(task => {
      const values = record.methods.map(entry => ({ entry, value: entry.metrics[`${objective.name} on ${task}`]?.mean ?? null })).filter((item): item is { entry: BenchEntry; value: number } => item.value !== null);
      const sign = objective.better === "Higher" ? -1 : 1;
      const costs = values.map(item => isPositive && objective.better === "Lower" ? Math.log(item.value) : sign * item.value);
      const [least, most] = [Math.min(...costs), Math.max(...costs)];
      return values.map((item, i) => ({ row: item.entry.name, column: task, value: most > least ? (costs[i]! - least) / (most - least) : 0, text: number(item.value, 3) }));
    });
    both.append(new Chart({
      title: `${objective.name} on each task`, label: cells.map(cell => `${cell.row} on ${cell.column}: ${cell.text}`).join("; "),
      plot: () => heat(cells, record.methods.map(entry => entry.name), tasks, "from the best to the worst on the task"),
    }).root);
    return both;
  }
  draw();
}

/** Published figures beside what was reached. */
export const published = (record: BenchRecord) => {
  const rows = record.methods.flatMap(entry => entry.published.map(figure => ({ entry, figure })));
  return rows.length === 0 ? nothing : html`<h2>Published figures</h2>${table("Published figures", html`<th>method</th><th>on</th><th class="n">published</th><th class="n">here</th><th></th><th>source</th>`, rows.map(({ entry, figure }) => html`
    <tr><td>${entry.name}</td><td>${figure.metric} on ${figure.task}</td><td class="n">${number(figure.value)}</td><td class="n">${number(entry.metrics[`${figure.metric} on ${figure.task}`]?.mean)}</td>
      <td>${figure.reached ? chip("held") : chip("not held")}</td><td>${figure.source}</td></tr>`))}`;
};
