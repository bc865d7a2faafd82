import { html, nothing, render } from "lit-html";
import { filePath, get, part, post } from "../api";
import { drawBoard } from "../board";
import { curveCharts } from "../curves";
import { ago, bytes, duration } from "../format";
import { Live } from "../live";
import type { BenchRecord, ExperimentResult, FitResult, Metric, RunState, ShownBench, ShownPaper, ShownRun } from "../types";
import { armFigures, claimCharts, claimTable } from "../verdicts";
import { attempt, chip, copyable, facts, isActive, loading, stateChip, type Visit } from "../view";

/** A run: live while it works, its results when it has ended. */
export async function run({ root, parts, left }: Visit): Promise<void> {
  render(loading("the run"), root);
  const id = Number(parts[0]);
  const address = `/api/runs/${part(parts[0]!)}`;
  let shown = await get<ShownRun>(address, left);
  let live: Live | undefined;
  let drawn: RunState | undefined;
  document.title = `Run ${id}, ${shown.run.subject} · Paramorph`;

  async function refresh(): Promise<void> {
    const now = await attempt(() => get<ShownRun>(address, left));
    if (!now || left.aborted) return;
    shown = now;
    draw();
  }

  async function act(what: "stop" | "resume"): Promise<void> {
    await attempt(() => post(`${address}/${what}`));
    await refresh();
  }

  function draw(): void {
    const now = shown.run;
    const subject = now.kind === "Paper" ? html`<a href="/papers/${part(now.subject)}">${now.subject}</a>` : now.kind === "Bench" ? html`<a href="/benches/${part(now.subject)}">${now.subject}</a>` : now.state === "Finished" ? html`<a href="/models/${part(now.subject)}">${now.subject}</a>` : now.subject;
    render(html`
      <nav class="crumbs" aria-label="Where this is"><a href="/runs">Runs</a></nav>
      <header class="run-head"><h1>Run ${id} <span class="of">of ${subject}</span></h1>
        <p class="meta" role="status" aria-live="polite">${stateChip(now.state)}${now.place ? ` place ${now.place} in the queue` : ""} ${now.outcome ? now.kind === "Paper" ? html`<span id="verdict">${chip(now.outcome)}</span>` : html`<span>${now.outcome}</span>` : nothing}
          <span>asked ${ago(now.created)}</span>${now.began && now.ended ? html`<span>took ${duration((Date.parse(now.ended) - Date.parse(now.began)) / 1000)}</span>` : nothing}</p>
        <p class="bar">
          ${isActive(now.state) ? html`<button type="button" id="stop" @click=${() => act("stop")}>Stop</button>` : nothing}
          ${now.state === "Stopped" || now.state === "Interrupted" || now.state === "Failed" ? html`<button type="button" id="resume" class="primary" @click=${() => act("resume")}>Resume</button>` : nothing}
          ${shown.files.some(file => file.path === "report.html") ? html`<a class="button" id="report" href="${address}/files/report.html" target="_blank" rel="noopener">Open the report</a>` : nothing}
          ${now.kind === "Fit" && now.state === "Finished" ? html`<a class="button primary" id="to-model" href="/models/${part(now.subject)}">Open the model</a>` : nothing}
          ${now.kind === "Paper" && now.state === "Finished" ? html`<a class="button" href="/runs">Compare with another</a>` : nothing}
        </p></header>
      ${now.message ? html`<div class="notice bad" role="alert"><strong>It failed.</strong> ${now.message}</div>` : nothing}
      ${now.state === "Interrupted" ? html`<p class="notice">The server ended before this did. What had ended is kept; resumed, it comes to the same bits.</p>` : nothing}
      <div id="live"></div><div id="result"></div>
      <section class="card"><h2>About</h2>${facts([
        ["command", copyable(shown.command, "the command")],
        ["files", shown.files.length > 0 ? html`<details><summary>${shown.files.length}</summary><ul class="files">${shown.files.map(file => html`<li><a href="${address}/files/${filePath(file.path)}" target="_blank" rel="noopener">${file.path}</a> <small>${bytes(file.bytes)}</small></li>`)}</ul></details>` : null],
      ])}</section>`, root);
    if (drawn === now.state) return;
    // One that goes on may run before it was seen to wait.
    const isAnew = drawn !== undefined && !isActive(drawn) && isActive(now.state);
    drawn = now.state;
    const place = root.querySelector<HTMLElement>("#live")!;
    if (isAnew) {
      live?.close();
      live = undefined;
    }
    if (now.state !== "Finished" && now.began !== null || isActive(now.state)) {
      if (!live) {
        live = new Live(id, now.kind === "Fit", state => { if (state !== shown.run.state) void refresh(); }, left);
        place.replaceChildren(live.root);
      }
    } else if (live) {
      // What was seen while it ran stays in sight, folded away.
      const folded = document.createElement("details"), summary = document.createElement("summary");
      summary.textContent = "While it ran";
      folded.append(summary, live.root);
      place.replaceChildren(folded);
    }
    if (now.state === "Finished") void results();
  }

  async function results(): Promise<void> {
    const place = root.querySelector<HTMLElement>("#result")!;
    if (!shown.result) return;
    if (shown.run.kind === "Paper") await experiment(place, shown.result as ExperimentResult);
    else if (shown.run.kind === "Bench") await board(place, shown.result as BenchRecord);
    else render(fitted(shown.result as FitResult, shown.run.subject), place);
  }

  async function experiment(place: HTMLElement, result: ExperimentResult): Promise<void> {
    const paper = await attempt(() => get<ShownPaper>(`/api/papers/${part(shown.run.subject)}`, left));
    const charts = await attempt(() => curveCharts([{ id, name: "", files: shown.files }], left)) ?? [];
    if (left.aborted) return;
    const figures = armFigures(result, paper?.experiment?.metrics as Metric[] | undefined);
    const pictures = shown.files.filter(file => /^pictures\/.*\.png$/.test(file.path));
    render(html`
      <section><h2>Verdict</h2><p class="verdict-line">${chip(result.verdict)} <span>${result.verdict === "not decided" ? "A smoke run shows that all works; it decides nothing." : `From ${result.seeds.length} seeds.`}</span></p>
        <div class="charts">${claimCharts(result.claims)}</div>${claimTable(result.claims)}
        ${result.warnings?.length ? html`<ul class="notes">${result.warnings.map(warning => html`<li>${warning}.</li>`)}</ul>` : nothing}</section>
      <section><h2>What was measured</h2><p>${figures.choose}</p><div class="charts">${figures.chart.root}</div>${figures.table}</section>
      ${charts.length > 0 ? html`<section><h2>Curves</h2><p>The mean over seeds, in the band of all of them.</p><div class="charts">${charts}</div></section>` : nothing}
      ${pictures.length > 0 ? html`<section><h2>Pictures</h2><ul class="gallery">${pictures.slice(0, 24).map(file => html`<li><a href="${address}/files/${filePath(file.path)}" target="_blank" rel="noopener"><img loading="lazy" alt=${caption(file.path)} src="${address}/files/${filePath(file.path)}"></a><span>${caption(file.path)}</span></li>`)}</ul></section>` : nothing}`, place);
  }

  async function board(place: HTMLElement, record: BenchRecord): Promise<void> {
    const bench = await get<ShownBench>(`/api/benches/${part(shown.run.subject)}`, left);
    if (left.aborted) return;
    render(html`<section><h2>Leaderboard</h2><div></div></section>`, place);
    drawBoard(place.querySelector("div")!, record, bench.metrics);
  }
  draw();
  // A run that waits tells nothing yet.
  const timer = setInterval(() => { if (!document.hidden && shown.run.state === "Queued") void refresh(); }, 1500);
  left.addEventListener("abort", () => clearInterval(timer));
}

const caption = (path: string): string => path.replace(/^pictures\/|\.png$/g, "").replaceAll("-", " ");

const fitted = (result: FitResult, name: string) => html`<section><h2>Found</h2><p class="verdict-line"><strong>${result.method}</strong> <span>among ${result.tried.length} candidates, in ${duration(result.seconds)}: <a href="/models/${part(name)}">look at the model</a>.</span></p>
  ${result.notes.length > 0 ? html`<ul class="notes">${result.notes.map(note => html`<li>${note}.</li>`)}</ul>` : nothing}</section>`;
