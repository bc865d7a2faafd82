import { html, nothing, render } from "lit-html";
import { filePath, get, getFile, part, post, remove, send } from "../api";
import { bars, Chart } from "../charts";
import { bytes, day, duration, number, parseDelimited, percent, quoted, whole } from "../format";
import type { Answers, FitResult, Inspection, ModelColumn, ShownModel } from "../types";
import { attempt, copyable, facts, go, loading, sentence, table, type Visit } from "../view";

/** A model: how good it is, what it answers, what it is made of, and how it is taken elsewhere. */
export async function model({ root, parts, left }: Visit): Promise<void> {
  render(loading("the model"), root);
  const name = parts[0]!;
  const address = `/api/models/${part(name)}`;
  const shown = await get<ShownModel>(address, left);
  if (left.aborted) return;
  document.title = `${name} · Paramorph`;
  const { result } = shown;
  const columns = shown.preparation?.columns ?? [];
  const pictures = shown.files.filter(file => /\.(png|svg)$/.test(file.path));
  let answers: Answers | undefined, problem: string | undefined, isBusy = false;

  async function ask(file: Blob, fileName: string): Promise<void> {
    [isBusy, problem] = [true, undefined];
    drawAnswers();
    try {
      answers = await send<Answers>(`${address}/answers?name=${encodeURIComponent(fileName)}`, file, left);
    } catch (error) {
      [answers, problem] = [undefined, sentence(error)];
    }
    isBusy = false;
    if (!left.aborted) drawAnswers();
  }

  function askForm(event: SubmitEvent): void {
    event.preventDefault();
    const form = new FormData(event.target as HTMLFormElement);
    const row = columns.map(column => String(form.get(`column-${column.name}`) ?? ""));
    void ask(new Blob([`${columns.map(column => quoted(column.name)).join(",")}\n${row.map(quoted).join(",")}\n`]), "question.csv");
  }

  function drawAnswers(): void {
    const place = root.querySelector<HTMLElement>("#answers");
    if (!place) return;
    if (isBusy) {
      render(loading("answering"), place);
      return;
    }
    const rows = answers ? parseDelimited(answers.lines.join("\n")) : [];
    render(html`
      ${problem ? html`<div class="notice bad" role="alert">${problem}</div>` : nothing}
      ${answers ? html`<p role="status">${whole(answers.rows)} ${answers.rows === 1 ? "answer" : "answers"} for ${answers.file}. <a class="button" id="all-answers" href="/api/answers/${answers.id}" download="answers.csv">Save as CSV</a></p>
        ${answers.notes.length > 0 ? html`<ul class="notes">${answers.notes.map(note => html`<li>${note}</li>`)}</ul>` : nothing}
        ${table("Answers", (rows[0] ?? []).map(cell => html`<th class="n">${cell}</th>`), rows.slice(1).map(row => html`<tr>${row.map(cell => html`<td class="n">${Number.isFinite(Number(cell)) && cell.trim() !== "" ? number(Number(cell), 6) : cell}</td>`)}</tr>`))}
        ${answers.rows > rows.length - 1 ? html`<p><small>The first ${rows.length - 1} are shown; the file has all.</small></p>` : nothing}` : nothing}`, place);
  }

  async function shrink(): Promise<void> {
    const smaller = await attempt(() => post<ShownModel>(`${address}/smaller?bits=8`));
    if (smaller && !left.aborted) go(`/models/${part(smaller.name)}`);
  }

  async function inspect(): Promise<void> {
    const place = root.querySelector<HTMLElement>("#inspection")!;
    // The button belongs to the page around, which is not drawn again.
    place.querySelector("button")?.remove();
    render(loading("measuring"), place);
    const inspection = await attempt(() => get<Inspection>(`${address}/inspection`, left));
    if (left.aborted) return;
    if (!inspection) {
      render(nothing, place);
      return;
    }
    render(html`${facts([
      ["an answer takes", `${number(inspection.microsecondsOfOne)} µs here`], ["a thousand take", `${number(inspection.microsecondsOfMany)} µs`], ["operations an answer", whole(inspection.flops)],
      ["parameters", `${whole(inspection.parameters)}, ${bytes(inspection.bytes)}`], ["made of", Object.entries(inspection.operations).sort((a, b) => b[1] - a[1]).map(([operation, count]) => `${operation} ${count}`).join(", ")],
    ])}${inspection.formulas.length > 0 ? html`<pre tabindex="0">${inspection.formulas.join("\n")}</pre>` : nothing}
      <details><summary>The network, drawn from its computation</summary><div class="drawing" tabindex="0" role="region" aria-label="Drawing of the network"><img loading="lazy" alt="The computation of one answer" src="${address}/drawing"></div></details>`, place);
  }

  render(html`
    <nav class="crumbs" aria-label="Where this is"><a href="/models">Models</a></nav>
    <header><h1>${name}</h1>${result ? html`<p class="meta"><strong>${result.method}</strong> <span>for ${result.problem}</span> <span>from ${result.data.file}</span> <span>${day(shown.made)}</span></p>` : nothing}
      <p class="bar"><a class="button primary" id="zip" href="${address}/zip" download="${name}.zip">Download the folder</a>
        <button type="button" @click=${() => save(`${address}/onnx`, `${name}.onnx`)}>ONNX, f64</button><button type="button" @click=${() => save(`${address}/onnx?type=f32`, `${name}.onnx`)}>ONNX, f32</button>
        ${shown.files.some(file => file.path === "report.html") ? html`<a class="button" href="${address}/files/report.html" target="_blank" rel="noopener">Open the report</a>` : nothing}
        <button type="button" id="shrink" @click=${shrink}>Shrink to 8 bits</button>
        <button type="button" class="quiet" @click=${() => { if (confirm(`Remove the model ${name} and its folder?`)) void attempt(async () => { await remove(address); go("/models"); }); }}>Remove</button></p></header>
    <div class="columns">
      <div>
        ${result ? quality(result) : nothing}
        <section><h2>Ask it</h2>
          ${columns.length > 0 && columns.length <= 40 ? html`<form class="card ask" id="ask" @submit=${askForm}>${columns.map(column => field(column))}<button class="primary">Answer</button></form>` : nothing}
          <p><label class="button" for="ask-file">Answer for a file</label><input id="ask-file" class="hidden" type="file" @change=${(event: Event) => { const file = (event.target as HTMLInputElement).files?.[0]; if (file) void ask(file, file.name); }}> <small>with the same columns or arrays; what is predicted may be missing</small></p>
          <div id="answers"></div></section>
        ${pictures.length > 0 ? html`<section><h2>Pictures</h2><ul class="gallery">${pictures.slice(0, 12).map(file => html`<li><a href="${address}/files/${filePath(file.path)}" target="_blank" rel="noopener"><img loading="lazy" alt=${caption(file.path)} src="${address}/files/${filePath(file.path)}"></a><span>${caption(file.path)}</span></li>`)}</ul></section>` : nothing}
      </div>
      <aside>
        <section class="card"><h2>What it is</h2><div id="inspection"><button type="button" id="inspect" @click=${inspect}>Inspect: size, speed, drawing</button></div></section>
        ${result ? html`<section class="card"><h2>How it was found</h2>${facts([
          ["rows", `${whole(result.data.train)} train, ${whole(result.data.validation)} choose, ${whole(result.data.test)} judge`], ["budget", `${result.budget}, took ${duration(result.seconds)}`], ["seed", result.seed],
          ["mixed from", result.parts.map(own => html`<span class="block">${own.method}: ${own.members} ${own.members === 1 ? "model" : "models"}, weight ${number(own.weight, 3)}</span>`)],
        ])}<details><summary>What was understood</summary><ul class="notes">${result.data.understood.map(note => html`<li>${note}</li>`)}</ul></details></section>` : nothing}
        <section class="card"><h2>Elsewhere</h2>${facts([["command", copyable(`paramorph predict ${name} FILE -o answers.csv`, "the command")], ["C#", copyable(`Model.Load("${name}")`, "the call")]])}
          <details><summary>Files: ${shown.files.length}</summary><ul class="files">${shown.files.map(file => html`<li><a href="${address}/files/${filePath(file.path)}" target="_blank" rel="noopener">${file.path}</a> <small>${bytes(file.bytes)}</small></li>`)}</ul></details></section>
      </aside>
    </div>`, root);
}

/** Saves what is made for the occasion; when it cannot be made, says why. */
async function save(path: string, name: string): Promise<void> {
  const file = await attempt(() => getFile(path));
  if (!file) return;
  const link = document.createElement("a");
  link.href = URL.createObjectURL(file);
  link.download = name;
  link.click();
  URL.revokeObjectURL(link.href);
}

function quality(result: FitResult) {
  const metrics = Object.keys(result.metrics.test), first = metrics[0]!;
  const ours = result.metrics.test[first] ?? null;
  const values = [...ours === null ? [] : [{ name: result.method, value: ours, isOurs: true }], ...result.simple.filter(answer => answer.metrics[first] != null).map(answer => ({ name: answer.name, value: answer.metrics[first]!, isOurs: false }))];
  const chart = new Chart({ title: `${first} on rows that were put aside`, label: values.map(value => `${value.name} ${number(value.value)}`).join(", "), plot: () => bars(values, first) });
  return html`<section><h2>How good it is</h2><div class="charts">${chart.root}</div>
    ${table("On test rows", html`<th></th>${metrics.map(metric => html`<th class="n">${metric}</th>`)}`, html`
      <tr class="ours"><td><strong>${result.method}</strong></td>${metrics.map(metric => html`<td class="n">${number(result.metrics.test[metric])} ${result.metrics.testIntervals[metric] ? html`<small>${number(result.metrics.testIntervals[metric]![0], 3)} to ${number(result.metrics.testIntervals[metric]![1], 3)}</small>` : nothing}</td>`)}</tr>
      ${result.simple.map(answer => html`<tr><td>${answer.name}</td>${metrics.map(metric => html`<td class="n">${number(answer.metrics[metric])}</td>`)}</tr>`)}`)}
    ${result.intervals ? html`<p>Intervals that promise ${percent(result.intervals.level)} hold ${percent(result.intervals.coverage)} of test rows.</p>` : nothing}
    ${result.notes.length > 0 ? html`<ul class="notes">${result.notes.map(note => html`<li>${note}.</li>`)}</ul>` : nothing}</section>`;
}

function field(column: ModelColumn) {
  const name = `column-${column.name}`;
  if (column.type === "Category" && column.categories) return html`<label>${column.name}<select name=${name}>${column.categories.map(value => html`<option>${value}</option>`)}</select></label>`;
  return html`<label>${column.name}<input name=${name} inputmode=${column.type === "Number" ? "decimal" : "text"} autocomplete="off" placeholder=${column.type === "Number" && column.mean !== undefined ? `such as ${number(column.mean)}` : column.type === "Time" ? "2025-03-03 08:23" : ""}></label>`;
}

const caption = (path: string): string => path.replace(/\.[a-z]+$/, "").replaceAll("-", " ");
