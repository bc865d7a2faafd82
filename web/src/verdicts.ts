import { html, nothing, type TemplateResult } from "lit-html";
import { Chart, dots, intervals } from "./charts";
import { duration, number, whole } from "./format";
import type { Claim, ExperimentResult, Metric } from "./types";
import { chip, table } from "./view";

const tones: Record<string, string> = { "held": "#2a9d8f", "not held": "#d6455d", "inconclusive": "#c98a1b", "not decided": "#8b93a1" };

/** Claims as intervals against what they have to exceed: effects and ratios each on an axis of their own, claims of one unit and threshold together. */
export function claimCharts(claims: Claim[]): HTMLElement[] {
  const groups = new Map<string, Claim[]>();
  for (const claim of claims) {
    if (claim.effect === null) continue;
    const key = `${claim.unit} ${claim.threshold}`;
    groups.set(key, [...groups.get(key) ?? [], claim]);
  }
  return [...groups.values()].map(group => {
    const { unit, threshold } = group[0]!;
    const isRatio = unit === "times" && threshold > 0 && group.every(claim => claim.effect! > 0 && (claim.interval[0] ?? 1) > 0);
    return new Chart({
      title: isRatio ? "Effects, as ratios" : `Effects${unit ? `, ${unit}` : ""}`,
      label: group.map(claim => `${claim.text}: ${claim.verdict}, effect ${number(claim.effect)}, interval ${number(claim.interval[0])} to ${number(claim.interval[1])}`).join("; "),
      plot: width => intervals(
        group.map(claim => ({ name: shortened(claim, width), mean: claim.effect, low: claim.interval[0], high: claim.interval[1], tone: tones[claim.verdict] ?? "#8b93a1" })),
        threshold, `${unit || "effect"} → must lie to the right of ${number(threshold)}`, isRatio),
    }).root;
  });
}

function shortened(claim: Claim, width: number): string {
  const text = `${claim.isMain ? "" : "(beside) "}${claim.text}`, most = Math.floor(width / 6.6);
  return text.length > most ? `${text.slice(0, most - 1)}…` : text;
}

export const claimTable = (claims: Claim[]): TemplateResult => table("Claims", html`<th>claim</th><th>from</th><th>verdict</th><th class="n">effect</th><th class="n">interval</th>`, claims.map(claim => html`
  <tr><td>${claim.text}${claim.isMain ? nothing : html` <small>beside</small>`}</td><td>${claim.origin}</td><td>${chip(claim.verdict)}</td><td class="n">${number(claim.effect)} ${claim.unit}</td>
    <td class="n">${number(claim.interval[0])} to ${number(claim.interval[1])}</td></tr>`));

/** What arms measured, metric by metric; the person picks which is drawn. */
export function armFigures(result: ExperimentResult, metrics: Metric[] | undefined): { chart: Chart; choose: TemplateResult; table: TemplateResult } {
  const names = [...new Set([...(metrics ?? []).map(metric => metric.name), ...result.arms.flatMap(arm => Object.keys(arm.metrics))])].filter(name => result.arms.some(arm => arm.metrics[name]));
  let chosen = names[0] ?? "";
  const order = result.arms.map(arm => arm.name);
  const options = () => ({
    title: chosen, label: `${chosen}: ${result.arms.map(arm => `${arm.name} ${number(arm.metrics[chosen]?.mean)}`).join(", ")}`,
    plot: (_: number, isLog: boolean) => dots(
      result.arms.flatMap(arm => (arm.metrics[chosen]?.values ?? []).map((value, i) => ({ name: arm.name, value: value ?? NaN, series: `seed ${result.seeds[i]}` }))).filter(dot => Number.isFinite(dot.value)),
      order, directed(chosen, metrics), isLog),
  });
  const chart = new Chart({ ...options(), log: false });
  const main = names.slice(0, 4);
  return {
    chart,
    choose: html`<label class="inline">Metric <select @change=${(event: Event) => {
      chosen = (event.target as HTMLSelectElement).value;
      chart.root.querySelector("figcaption span")!.textContent = chosen;
      chart.refresh(options());
    }}>${names.map(name => html`<option>${name}</option>`)}</select></label>`,
    table: table("Arms", html`<th>arm</th><th>role</th>${main.map(name => html`<th class="n">${name}</th>`)}<th class="n">parameters</th><th class="n">Gflops</th><th class="n">time a seed</th>`, result.arms.map(arm => html`
      <tr><td><strong>${arm.name}</strong></td><td>${arm.role.toLowerCase()}</td>${main.map(name => html`<td class="n">${arm.metrics[name] ? html`${number(arm.metrics[name].mean)} <small>± ${number(arm.metrics[name].sd, 2)}</small>` : "–"}</td>`)}
        <td class="n">${whole(arm.parameters)}</td><td class="n">${number(arm.flops / 1e9)}</td><td class="n">${duration(arm.seconds)}</td></tr>`)),
  };
}

const directed = (name: string, metrics: Metric[] | undefined): string => {
  const better = metrics?.find(metric => metric.name === name)?.better;
  return better === "Lower" ? `← ${name}, lower is better` : better === "Higher" ? `${name}, higher is better →` : name;
};
