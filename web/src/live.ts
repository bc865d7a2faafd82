import { html, nothing, render } from "lit-html";
import { Chart, lines, progress, type Point } from "./charts";
import { number } from "./format";
import type { RunEvent, RunState } from "./types";

const MostPoints = 400;

interface Work {
  job: string;
  arm: string;
  step: number;
  steps: number;
  loss: number | null;
}

/** What a run tells while it works: how far it is, losses as they fall, and what has ended. Everything told before comes first, so that a page that is opened late shows the same. */
export class Live {
  readonly root = document.createElement("div");
  private readonly source: EventSource;
  private readonly working = new Map<string, Work>();
  private readonly points = new Map<string, Point[]>();
  private readonly names: string[] = [];
  private readonly ended: { job: string; text: string }[] = [];
  private readonly trials: { order: number; value: number; best: number; job: string }[] = [];
  private readonly notes: string[] = [];
  private simple: { name: string; value: number }[] = [];
  private metric = "";
  private stage = "";
  private done = 0;
  private jobs = 0;
  private chart: Chart | undefined;
  private search: Chart | undefined;
  private isDue = false;
  private time = 0;

  constructor(id: number, isFit: boolean, private readonly changed: (state: RunState) => void, left: AbortSignal) {
    this.root.className = "live";
    this.chart = new Chart({ title: "Loss while it trains", label: "losses of the models that train", log: true, plot: (_, isLog) => lines([...this.points.values()].flat(), this.names, "step", "loss", isLog) });
    if (isFit) this.search = new Chart({ title: "Models tried", label: "what the models reached on validation", log: false, plot: (_, isLog) => progress(this.trials, this.metric || "validation", this.simple, isLog) });
    this.source = new EventSource(`/api/runs/${id}/events`);
    this.source.onmessage = message => this.take(JSON.parse(message.data as string) as RunEvent);
    this.source.addEventListener("end", () => this.source.close());
    left.addEventListener("abort", () => this.source.close());
    this.draw();
  }

  close(): void {
    this.source.close();
  }

  private take(event: RunEvent): void {
    switch (event.event) {
      case "state":
        if (event.state === "Running") this.working.clear();
        this.changed(event.state);
        break;
      case "planned":
        [this.done, this.jobs] = [event.done, event.jobs];
        break;
      case "progressed": {
        const arm = event.arm ?? event.job.replace(/[\s-]*\d+$/, "");
        this.working.set(event.job, { job: event.job, arm, step: event.step, steps: event.steps, loss: event.loss });
        if (event.loss !== null) this.point(event.job, arm, event.step, event.loss);
        break;
      }
      case "finished":
        this.working.delete(event.job);
        if (event.metrics) {
          this.ended.unshift({ job: event.job, text: Object.entries(event.metrics).slice(0, 4).map(([name, value]) => `${name} ${number(value)}`).join(", ") });
        } else {
          this.done++;
          if (event.value !== null && event.value !== undefined) this.trials.push({ order: this.trials.length + 1, value: event.value, best: event.best ?? event.value, job: event.job });
          this.ended.unshift({ job: event.job, text: `${event.metric} ${number(event.value)}, best ${number(event.best)}` });
        }
        break;
      case "began":
        this.metric = `${event.metric} on validation`;
        this.simple = Object.entries(event.simple).filter((pair): pair is [string, number] => pair[1] !== null).map(([name, value]) => ({ name, value }));
        break;
      case "entered":
        [this.stage, this.done, this.jobs] = [event.stage, 0, event.jobs];
        break;
      case "noted":
        this.notes.push(event.note);
        break;
    }
    if (this.isDue) return;
    this.isDue = true;
    setTimeout(() => {
      this.isDue = false;
      this.draw();
    }, Math.max(0, 200 - (performance.now() - this.time)));
  }

  /** A point of a curve; of a long one every second point goes when there are too many. */
  private point(job: string, arm: string, step: number, loss: number): void {
    if (!this.names.includes(arm)) this.names.push(arm);
    let own = this.points.get(job) ?? [];
    // A job that is begun anew, as one of several tasks is, has a curve of its own.
    const last = own.at(-1);
    if (last && step < last.x) own = [];
    own.push({ series: arm, x: step, y: loss, line: job });
    if (own.length > MostPoints) own = own.filter((_, i) => i % 2 === 0);
    this.points.set(job, own);
    // Many curves at once say nothing.
    if (this.points.size > 40) this.points.delete(this.points.keys().next().value!);
  }

  private draw(): void {
    this.time = performance.now();
    const working = [...this.working.values()];
    const whole = this.jobs > 0 ? (this.done + working.reduce((sum, work) => sum + (work.steps > 0 ? work.step / work.steps : 0), 0)) / this.jobs : 0;
    render(html`
      <div class="progress-line"><progress max="1" value=${Math.min(1, whole)} aria-label="How far it is"></progress><span>${this.stage ? html`${this.stage}, ` : nothing}${this.jobs > 0 ? `${Math.min(this.done, this.jobs)} of ${this.jobs} models` : "starting"}</span></div>
      <ul class="working" aria-label="What trains now">${working.slice(0, 8).map(work => html`<li><span>${work.job}</span><progress max=${Math.max(1, work.steps)} value=${work.step} aria-label=${work.job}></progress><small>${work.loss === null ? "" : `loss ${number(work.loss)}`}</small></li>`)}</ul>
      <div class="charts">${this.search?.root ?? nothing}<div class="curve" data-points=${[...this.points.values()].reduce((sum, own) => sum + own.length, 0)}>${this.chart?.root}</div></div>
      ${this.notes.length > 0 ? html`<ul class="notes">${this.notes.map(note => html`<li>${note}</li>`)}</ul>` : nothing}
      <details ?open=${this.ended.length > 0 && this.ended.length < 12}><summary>Ended: ${this.ended.length}</summary><ol class="log">${this.ended.slice(0, 200).map(item => html`<li><strong>${item.job}</strong> ${item.text}</li>`)}</ol></details>`, this.root);
    this.chart?.refresh();
    this.search?.refresh();
  }
}
