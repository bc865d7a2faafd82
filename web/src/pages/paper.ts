import { html, nothing, render } from "lit-html";
import { get, part } from "../api";
import { ago, day, duration, family } from "../format";
import { start } from "../starting";
import type { FoundItem, Setting, ShownPaper } from "../types";
import { armFigures, claimCharts, claimTable } from "../verdicts";
import { chip, copyable, facts, failure, loading, stateChip, table, type Visit } from "../view";

/** A paper: what it does, what it claims, how that was decided, and how it is run again. */
export async function paper({ root, parts, left }: Visit): Promise<void> {
  render(loading("the paper"), root);
  const id = parts[0]!;
  const shown = await get<ShownPaper>(`/api/papers/${part(id)}`, left);
  if (left.aborted) return;
  document.title = `${shown.title} · Paramorph`;
  const { experiment, record } = shown;
  const figures = record ? armFigures(record, experiment?.metrics) : undefined;
  render(html`
    <nav class="crumbs" aria-label="Where this is"><a href="/">Papers</a> <span aria-hidden="true">›</span> <a href="/?family=${part(shown.family)}">${family(shown.family)}</a></nav>
    <article class="paper">
      <header><h1>${shown.title}</h1><p class="meta">${chip(shown.status)} <span>${shown.kind}</span> <code>${shown.id}</code></p></header>
      <div class="columns">
        <div class="intro">
          <section><h2>Mechanism</h2><p>${shown.what}</p></section>
          ${experiment ? html`
            <section><h2>Question</h2><p>${experiment.question}</p></section>
            ${experiment.original || experiment.difference ? html`<section><h2>The original, and here</h2>${experiment.original ? html`<p>${experiment.original}</p>` : nothing}${experiment.difference ? html`<p><strong>Here.</strong> ${experiment.difference}</p>` : nothing}
              <p><strong>Equal among all.</strong> ${experiment.budget}</p></section>` : nothing}` : html`<section><h2>What will decide it</h2><p>${shown.show}</p><p class="notice">It is planned: its experiment does not run yet.</p></section>`}
        </div>
        <aside>
          ${experiment ? runForm(shown.id, experiment.settings, experiment.seeds, experiment.data) : nothing}
          ${shown.runs.length > 0 ? html`<section class="card"><h2>Runs here</h2><ul class="plain">${shown.runs.slice(0, 6).map(run => html`<li><a href="/runs/${run.id}">Run ${run.id}</a> ${stateChip(run.state)} ${run.outcome ? chip(run.outcome) : nothing} <small>${ago(run.created)}</small></li>`)}</ul></section>` : nothing}
          <section class="card"><h2>Where it lives</h2>${facts([
            ["code", shown.code ? copyable(shown.code, "the path of the code") : "not written yet"],
            ["command", copyable(experiment ? `paramorph run ${shown.id}` : `paramorph show ${shown.id}`, "the command")],
            ["record", record ? `${day(record.date)}, ${record.seeds.length} seeds, ${duration(record.seconds)}` : null],
            ["ran on", record ? `${record.machine.processor}, ${record.machine.threads} threads` : null],
          ])}</section>
        </aside>
        <div class="rest">
      ${experiment ? html`<section><h2>How it was decided</h2>
        ${record ? html`
          ${shown.status === "stale" ? html`<p class="notice">The experiment has changed since this was recorded.</p>` : nothing}
          <p class="verdict-line">On record: ${chip(record.verdict)} <span>from ${record.seeds.length} seeds, each the whole procedure. A claim holds if all of its interval lies on the claim's side.</span></p>
          <div class="charts">${claimCharts(record.claims)}</div>${claimTable(record.claims)}
          ${experiment.why ? html`<p class="why"><strong>Why.</strong> ${experiment.why}</p>` : nothing}
          ${record.warnings?.length ? html`<ul class="notes">${record.warnings.map(warning => html`<li>${warning}.</li>`)}</ul>` : nothing}` : html`
          <p>Nothing is on record yet. These are the claims:</p>
          ${table("Claims", html`<th>claim</th><th>from</th>`, experiment.claims.map(claim => html`<tr><td>${claim.text}${claim.isMain ? nothing : html` <small>beside</small>`}</td><td>${claim.origin}</td></tr>`))}`}
        ${experiment.earlier.length > 0 ? html`<h3>Earlier verdicts</h3><ol class="timeline">${experiment.earlier.map(earlier => html`<li><time>${earlier.date}</time> ${chip(earlier.verdict)} <p>${earlier.changed}</p></li>`)}</ol>` : nothing}
      </section>
      ${figures ? html`<section><h2>What was measured</h2><p>${figures.choose} A point is a seed, a bar their mean.</p><div class="charts">${figures.chart.root}</div>${figures.table}</section>` : nothing}
      <section><h2>Arms</h2><dl class="arms">${experiment.arms.map(arm => html`<div><dt>${arm.name} <small>${arm.role.toLowerCase()}</small></dt><dd>${arm.meaning}${arm.candidates > 1 ? html` <small>searched among ${arm.candidates}</small>` : nothing}</dd></div>`)}</dl></section>` : nothing}
      <section><h2>Similar papers</h2><div id="similar"></div></section>
        </div>
      </div>
    </article>`, root);
  const place = root.querySelector<HTMLElement>("#similar")!;
  render(loading(), place);
  try {
    const similar = await get<FoundItem[]>(`/api/papers/${part(id)}/similar`, left);
    render(html`<ul class="papers">${similar.map(item => html`<li><a href="/papers/${part(item.id)}"><span class="title">${item.title}</span>${chip(item.status)}<span class="what">${family(item.family)}</span></a></li>`)}</ul>`, place);
  } catch (error) {
    if (!left.aborted) render(failure(error), place);
  }
}

/** The form that runs an experiment. */
function runForm(id: string, settings: Setting[], seeds: number, data: string | null) {
  function onSubmit(event: SubmitEvent): void {
    event.preventDefault();
    const form = new FormData(event.target as HTMLFormElement);
    const size = String(form.get("size"));
    const changed: Record<string, string> = {};
    for (const setting of settings) {
      const value = String(form.get(`set-${setting.name}`) ?? "").trim();
      if (value !== "") changed[setting.name] = value;
    }
    const many = Number(form.get("seeds"));
    void start({ kind: "Paper", id, size, seeds: many > 0 ? many : undefined, settings: changed });
  }
  return html`<section class="card run-card"><h2>Run it</h2><form @submit=${onSubmit}>
    <fieldset class="switch"><legend>Size</legend>
      <label><input type="radio" name="size" value="Smoke" checked><span>Smoke <small>seconds, decides nothing</small></span></label>
      <label><input type="radio" name="size" value="Full"><span>Full <small>minutes, decides</small></span></label>
    </fieldset>
    <label>Seeds <input type="number" name="seeds" min="1" max="100" placeholder=${seeds}></label>
    ${settings.length > 0 ? html`<details><summary>Settings</summary>${settings.map(setting => html`
      <label>${setting.name} <small>${setting.meaning}; ${setting.allowed}</small><input name="set-${setting.name}" placeholder="${setting.smoke} or ${setting.full}" autocomplete="off"></label>`)}</details>` : nothing}
    ${data ? html`<p><small>It can also work on ${data.replace(/\.$/, "")}: <code>paramorph run ${id} --data FILE</code>.</small></p>` : nothing}
    <button class="primary">Run</button>
  </form></section>`;
}
