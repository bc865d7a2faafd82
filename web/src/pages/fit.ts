import { html, nothing, render } from "lit-html";
import { get, post, send } from "../api";
import { bytes } from "../format";
import type { FitRequest, ListedKind, Run, Understood, Upload } from "../types";
import { attempt, go, loading, sentence, table, type Visit } from "../view";

type Role = "input" | "target" | "ignored" | "category" | "group" | "time";

const roles: [Role, string][] = [["input", "input"], ["category", "input, as a category"], ["target", "predicted"], ["ignored", "left out"], ["group", "keeps rows together"], ["time", "orders rows"]];

/** From a file to a model: drop it, see what was understood, correct it, and let it search. */
export async function fit({ root, left }: Visit): Promise<void> {
  const [kinds, about] = await Promise.all([get<ListedKind[]>("/api/problems", left), get<{ uploadBytes: number }>("/api/about", left)]);
  let source: { upload?: Upload; ready?: string } = {};
  let said = new Map<string, Role>();
  let kind = "";
  let understood: Understood | undefined;
  let problem: string | undefined;
  let isBusy = false;
  let asked = new AbortController();
  const settings = { budget: "60s", name: "", methods: [] as string[] };

  const request = (): FitRequest => {
    const of = (role: Role): string[] => [...said].filter(([, own]) => own === role).map(([name]) => name);
    return { upload: source.upload?.id, ready: source.ready, problem: kind || undefined, targets: of("target"), ignored: of("ignored"), categories: of("category"), group: of("group")[0], time: of("time")[0] };
  };

  /** Where a column stands: as was said, else as was understood. */
  const roleOf = (name: string): Role => said.get(name) ?? (understood?.targets.includes(name) ? "target" : "input");

  async function take(file: File): Promise<void> {
    if (file.size > about.uploadBytes) {
      problem = `${file.name} has ${bytes(file.size)}; a file has ${bytes(about.uploadBytes)} at most. The command takes larger ones: paramorph fit FILE.`;
      draw();
      return;
    }
    [said, kind, understood, problem, isBusy, source] = [new Map(), "", undefined, undefined, true, {}];
    draw();
    try {
      const upload = await send<Upload>(`/api/uploads?name=${encodeURIComponent(file.name)}`, file, left);
      source = { upload };
      settings.name = upload.name.replace(/\.[a-z0-9]+$/i, "");
      await understand();
    } catch (error) {
      problem = sentence(error);
    }
    isBusy = false;
    if (!left.aborted) draw();
  }

  async function takeReady(name: string): Promise<void> {
    if (name === "") return;
    [said, kind, understood, problem, source] = [new Map(), "", undefined, undefined, { ready: name }];
    settings.name = name;
    await again();
  }

  async function understand(): Promise<void> {
    asked.abort();
    asked = new AbortController();
    const own = asked;
    try {
      const told = await post<Understood>("/api/fits/understood", request(), own.signal);
      if (own.signal.aborted) return;
      [understood, problem] = [told, undefined];
      settings.methods = settings.methods.filter(name => told.methods.some(method => method.name === name));
    } catch (error) {
      if (own.signal.aborted) return;
      problem = sentence(error);
    }
  }

  async function again(): Promise<void> {
    isBusy = true;
    draw();
    await understand();
    isBusy = false;
    if (!left.aborted) draw();
  }

  function set(name: string, role: Role): void {
    // The first correction of a target says all of them.
    if (understood && ![...said.values()].includes("target") && (role === "target" || roleOf(name) === "target")) for (const target of understood.targets) said.set(target, "target");
    if (role === "group" || role === "time") for (const [other, own] of said) if (own === role) said.delete(other);
    if (role === "input" && !understood?.targets.includes(name)) said.delete(name);
    else said.set(name, role);
    void again();
  }

  async function begin(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    const run = await attempt(() => post<Run>("/api/fits", { ...request(), name: settings.name || undefined, budget: settings.budget, methods: settings.methods }));
    if (run) go(`/runs/${run.id}`);
  }

  function draw(): void {
    render(html`
      <section class="hero"><h1>Fit a model to data of yours</h1><p class="lead">It reads the file, tells what it understood, tries the methods that suit within a budget, and judges the best once, on rows that were put aside. Nothing leaves this machine.</p></section>
      <div class="drop" @dragover=${(event: DragEvent) => { event.preventDefault(); (event.currentTarget as HTMLElement).classList.add("over"); }} @dragleave=${(event: DragEvent) => (event.currentTarget as HTMLElement).classList.remove("over")}
        @drop=${(event: DragEvent) => { event.preventDefault(); (event.currentTarget as HTMLElement).classList.remove("over"); const file = event.dataTransfer?.files[0]; if (file) void take(file); }}>
        <p><label class="button primary" for="file">Choose a file</label><input id="file" class="hidden" type="file" @change=${(event: Event) => { const file = (event.target as HTMLInputElement).files?.[0]; if (file) void take(file); }}> or drop one here</p>
        <p><small>CSV and other text, Parquet, HDF5, NPZ, NPY, MATLAB, ARFF, PNG, IDX, CIFAR, XYZ; ${bytes(about.uploadBytes)} at most.</small></p>
        <p><label class="inline">or a problem that needs no file <select @change=${(event: Event) => void takeReady((event.target as HTMLSelectElement).value)}><option value="">choose</option>${kinds.flatMap(item => item.ready).sort().map(name => html`<option ?selected=${source.ready === name}>${name}</option>`)}</select></label></p>
      </div>
      ${isBusy && !understood ? loading("reading the file") : nothing}
      ${problem ? html`<div class="notice bad" role="alert"><strong>This cannot be fitted yet.</strong> ${problem}</div>` : nothing}
      ${understood ? told(understood) : nothing}`, root);
  }

  function told(data: Understood) {
    return html`
      <section aria-busy=${isBusy}><h2>What was understood</h2>
        <p class="verdict-line"><strong id="understood-problem">${data.problem}</strong> <span>${data.content}${source.upload ? html` in ${source.upload.name}, ${bytes(source.upload.bytes)}` : nothing}</span></p>
        <ul class="notes">${data.understood.map(note => html`<li>${note}</li>`)}</ul>
        <p><label class="inline">Kind of problem <select id="kind" @change=${(event: Event) => { kind = (event.target as HTMLSelectElement).value; void again(); }}>
          ${[...new Set([data.problem, ...data.kinds, ...kinds.map(item => item.name)])].map(name => html`<option value=${name} ?selected=${name === data.problem}>${name}</option>`)}</select></label> <small>${kinds.find(item => item.name === data.problem)?.meaning}</small></p>
        ${data.columns.length > 0 ? html`<h3>Columns</h3>${table("Columns", html`<th>column</th><th>type</th><th>first values</th><th class="n">missing</th><th>is</th>`, data.columns.map(column => html`
          <tr class=${roleOf(column.name)}><td><strong>${column.name}</strong></td><td>${column.type.toLowerCase()}</td><td><small>${column.examples.join(", ")}</small></td><td class="n">${column.missing || ""}</td>
            <td><select aria-label="What ${column.name} is" .value=${roleOf(column.name)} @change=${(event: Event) => set(column.name, (event.target as HTMLSelectElement).value as Role)}>${roles.filter(([role]) => role !== "category" || column.type === "Number").map(([role, text]) => html`<option value=${role} ?selected=${role === roleOf(column.name)}>${text}</option>`)}</select></td></tr>`))}` : nothing}
      </section>
      <section><h2>Search</h2><form class="card fit-form" @submit=${begin}>
        <label>Budget <input list="budgets" .value=${settings.budget} pattern="[0-9.]+ *(s|m|min|h|Gflop|Tflop|steps)?" title="such as 60s, 5m, 1h, 200Gflop, 20000steps" required @input=${(event: Event) => { settings.budget = (event.target as HTMLInputElement).value; }}></label>
        <datalist id="budgets">${["10s", "60s", "5m", "30m", "20000steps", "200Gflop"].map(value => html`<option value=${value}></option>`)}</datalist>
        <label>Name of the model <input .value=${settings.name} maxlength="80" @input=${(event: Event) => { settings.name = (event.target as HTMLInputElement).value; }}></label>
        <fieldset class="methods"><legend>Methods <small>those with a dot are tried when none is chosen</small></legend>${data.methods.map(method => html`
          <label title=${method.meaning}><input type="checkbox" .checked=${settings.methods.includes(method.name)} @change=${(event: Event) => { settings.methods = (event.target as HTMLInputElement).checked ? [...settings.methods, method.name] : settings.methods.filter(name => name !== method.name); }}><span>${method.name}${method.isAutomatic ? html` <span class="auto" aria-label="tried by itself">•</span>` : nothing}</span></label>`)}</fieldset>
        <button class="primary" id="begin" ?disabled=${isBusy || problem !== undefined}>Find a model</button>
      </form></section>`;
  }
  draw();
}
