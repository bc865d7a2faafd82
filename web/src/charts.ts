import * as Plot from "@observablehq/plot";
import { number } from "./format";
import type { Figure } from "./types";

/** Colours of series, readable on light and dark ground. */
export const palette = ["#4269d0", "#d97706", "#d6455d", "#2a9d8f", "#7c5cbf", "#8a6d3b", "#c2569b", "#5c8a2e", "#3a8fb7", "#9a9a3a"];

export interface Point {
  series: string;
  x: number;
  y: number;
  /** Which line of the series it belongs to: a seed, a job. */
  line: string;
}

interface Options {
  title: string;
  /** What stands for the chart where it is not seen. */
  label: string;
  height?: number;
  /** Offers a switch to a logarithmic axis; what it begins with. */
  log?: boolean;
  plot: (width: number, isLog: boolean) => Plot.PlotOptions;
}

/** A chart in a frame: it fits the width, has a switch for the axis where that makes sense, and is saved as SVG. */
export class Chart {
  readonly root = document.createElement("figure");
  private readonly place = document.createElement("div");
  private readonly observer: ResizeObserver;
  private isLog: boolean;
  private width = 0;
  private pending = 0;

  constructor(private options: Options) {
    this.root.className = "chart";
    this.isLog = options.log ?? false;
    const caption = document.createElement("figcaption");
    const title = document.createElement("span");
    title.textContent = options.title;
    caption.append(title);
    if (options.log !== undefined) caption.append(this.button("log", () => {
      this.isLog = !this.isLog;
      this.draw();
    }, true));
    caption.append(this.button("SVG", () => this.save()));
    this.place.setAttribute("role", "img");
    this.place.setAttribute("aria-label", options.label);
    this.root.append(caption, this.place);
    this.observer = new ResizeObserver(entries => {
      const width = Math.floor(entries[0]!.contentRect.width);
      if (width === this.width || width < 50) return;
      this.width = width;
      this.draw();
    });
    this.observer.observe(this.place);
  }

  /** Draws what has changed, once a frame at most. */
  refresh(options?: Partial<Options>): void {
    if (options) this.options = { ...this.options, ...options };
    if (options?.label) this.place.setAttribute("aria-label", options.label);
    this.pending ||= requestAnimationFrame(() => {
      this.pending = 0;
      this.draw();
    });
  }

  private button(name: string, action: () => void, isSwitch = false): HTMLButtonElement {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "small";
    button.textContent = name;
    if (isSwitch) button.setAttribute("aria-pressed", String(this.isLog));
    else button.setAttribute("aria-label", `Save the chart “${this.options.title}” as ${name}`);
    button.addEventListener("click", () => {
      action();
      if (isSwitch) button.setAttribute("aria-pressed", String(this.isLog));
    });
    return button;
  }

  private draw(): void {
    if (this.width < 50) return;
    const drawn = Plot.plot({
      className: "plot", width: this.width, marginBottom: 44, height: this.options.height ?? Math.max(220, Math.min(380, Math.round(this.width * 0.5))),
      style: { background: "transparent", fontSize: "12px" }, ...this.options.plot(this.width, this.isLog),
    });
    // The style that comes with a chart stands in the page's own sheet, since the policy of the page takes no other.
    drawn.querySelectorAll("style").forEach(style => style.remove());
    // The frame says what the chart shows; labels of its groups are for nobody.
    for (const group of drawn.querySelectorAll("[aria-label], [aria-description]")) {
      group.removeAttribute("aria-label");
      group.removeAttribute("aria-description");
    }
    this.place.replaceChildren(drawn);
  }

  private save(): void {
    const drawn = this.place.querySelector("svg:last-of-type") ?? this.place.querySelector("svg");
    if (!drawn) return;
    const copy = drawn.cloneNode(true) as SVGSVGElement;
    const style = document.createElementNS("http://www.w3.org/2000/svg", "style");
    style.textContent = ".plot{font:12px system-ui,sans-serif} .plot text{white-space:pre}";
    copy.prepend(style);
    copy.setAttribute("xmlns", "http://www.w3.org/2000/svg");
    copy.setAttribute("color", getComputedStyle(document.body).color);
    copy.setAttribute("fill", "currentColor");
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([new XMLSerializer().serializeToString(copy)], { type: "image/svg+xml" }));
    link.download = `${this.options.title.replace(/[^a-z0-9]+/gi, "-").toLowerCase()}.svg`;
    link.click();
    URL.revokeObjectURL(link.href);
  }
}

const colours = (names: string[]): Plot.ScaleOptions => ({ domain: names, range: names.map((_, i) => palette[i % palette.length]!), legend: names.length > 1 });

const isPositive = (points: { y: number }[]): boolean => points.length > 0 && points.every(point => point.y > 0);

/** Lines, one for each line of a series. */
export function lines(points: Point[], names: string[], xLabel: string, yLabel: string, isLog: boolean): Plot.PlotOptions {
  const type = isLog && isPositive(points) ? "log" : "linear";
  return {
    marginLeft: 56, x: { label: xLabel, grid: false, tickFormat: shortTick }, y: { label: yLabel, type, grid: true, ...(type === "log" ? { tickFormat: shortTick } : { zero: false }) }, color: colours(names),
    marks: [Plot.line(points, { x: "x", y: "y", z: "line", stroke: "series", strokeWidth: 1.5, strokeOpacity: 0.75 }), ...(points.length > 0 ? [Plot.crosshairX(points, { x: "x", y: "y", color: "series", opacity: 0.4 })] : [])],
  };
}

/** The mean over lines of a series, in a band from the least to the most; where lines have no steps in common they are drawn one by one. */
export function bands(points: Point[], names: string[], xLabel: string, yLabel: string, isLog: boolean): Plot.PlotOptions {
  const groups = new Map<string, Point[]>();
  for (const point of points) groups.set(`${point.series} ${point.x}`, [...groups.get(`${point.series} ${point.x}`) ?? [], point]);
  const together = [...groups.values()].map(group => ({
    series: group[0]!.series, x: group[0]!.x, low: Math.min(...group.map(point => point.y)), high: Math.max(...group.map(point => point.y)), count: group.length,
    y: isLog && isPositive(group) ? Math.exp(group.reduce((sum, point) => sum + Math.log(point.y), 0) / group.length) : group.reduce((sum, point) => sum + point.y, 0) / group.length,
  })).sort((a, b) => a.x - b.x);
  const shared = together.filter(group => group.count > 1);
  if (shared.length < together.length / 2) return lines(points, names, xLabel, yLabel, isLog);
  const type = isLog && isPositive(points) ? "log" : "linear";
  return {
    marginLeft: 56, x: { label: xLabel, tickFormat: shortTick }, y: { label: yLabel, type, grid: true, ...(type === "log" ? { tickFormat: shortTick } : {}) }, color: colours(names),
    marks: [
      Plot.areaY(shared, { x: "x", y1: "low", y2: "high", z: "series", fill: "series", fillOpacity: 0.18 }),
      Plot.lineY(shared, { x: "x", y: "y", z: "series", stroke: "series", strokeWidth: 2 }),
    ],
  };
}

function shortTick(value: number): string {
  const size = Math.abs(value);
  if (value !== 0 && (size >= 1e5 || size < 1e-3)) return value.toExponential(0).replace("e+", "e");
  return number(value, 3);
}

export interface Span {
  name: string;
  mean: Figure;
  low: Figure;
  high: Figure;
  tone: string;
}

/** Effects with their intervals, and what they have to exceed. */
export function intervals(spans: Span[], threshold: number | undefined, label: string, isLog = false): Plot.PlotOptions {
  const drawn = spans.filter(span => span.mean !== null);
  // An interval of one seed has no ends.
  const ends = drawn.filter(span => span.low !== null && span.high !== null);
  return {
    marginLeft: 24, marginTop: 8, marginRight: 24, height: 56 + 44 * spans.length, x: { label, type: isLog ? "log" : "linear", grid: true, nice: true, tickFormat: shortTick, ...(isLog ? { ticks: 5 } : {}) },
    y: { label: null, axis: null, domain: spans.map(span => span.name) },
    marks: [
      ...(threshold === undefined ? [] : [Plot.ruleX([threshold], { stroke: "currentColor", strokeDasharray: "4 3", strokeOpacity: 0.7 })]),
      Plot.ruleY(ends, { x1: "low", x2: "high", y: "name", stroke: "tone", strokeWidth: 3, strokeOpacity: 0.55, dy: 6 }),
      Plot.dot(drawn, { x: "mean", y: "name", fill: "tone", r: 5.5, dy: 6 }),
      Plot.text(spans, { frameAnchor: "left", y: "name", text: "name", dy: -13, textAnchor: "start", fill: "currentColor", fontSize: 12 }),
    ],
  };
}

export interface Dot {
  name: string;
  value: number;
  series: string;
}

/** What each contestant measured under each seed, with the mean. */
export function dots(points: Dot[], order: string[], label: string, isLog: boolean): Plot.PlotOptions {
  const type = isLog && points.every(point => point.value > 0) ? "log" : "linear";
  const means = order.map(name => ({ name, values: points.filter(point => point.name === name).map(point => point.value) })).filter(group => group.values.length > 0)
    .map(group => ({ name: group.name, value: group.values.reduce((a, b) => a + b, 0) / group.values.length }));
  return {
    marginLeft: Math.min(190, 24 + 7 * Math.max(...order.map(name => name.length))), height: 64 + 30 * order.length, x: { label, type, grid: true, nice: true, tickFormat: shortTick, ...(type === "log" ? { ticks: 5 } : {}) },
    y: { label: null, domain: order, tickSize: 0, tickFormat: (name: string) => name.length > 24 ? `${name.slice(0, 23)}…` : name },
    marks: [
      Plot.dot(points, { x: "value", y: "name", stroke: palette[0], fill: palette[0], fillOpacity: 0.25, r: 4, title: point => `${point.name}, ${point.series}: ${number(point.value)}` }),
      Plot.tickX(means, { x: "value", y: "name", stroke: "currentColor", strokeWidth: 2.5, inset: 4 }),
    ],
  };
}

/** One bar for each name; the first is ours. */
export function bars(values: { name: string; value: number; isOurs: boolean }[], label: string): Plot.PlotOptions {
  return {
    marginLeft: Math.min(190, 24 + 7 * Math.max(...values.map(value => value.name.length))), marginRight: 60, height: 64 + 30 * values.length, x: { label, grid: true, nice: true, tickFormat: shortTick },
    y: { label: null, domain: values.map(value => value.name), tickSize: 0, tickFormat: (name: string) => name.length > 24 ? `${name.slice(0, 23)}…` : name },
    marks: [
      Plot.barX(values, { x: "value", y: "name", fill: value => value.isOurs ? palette[0] : "#8b93a1", insetTop: 3, insetBottom: 3 }),
      Plot.text(values, { x: "value", y: "name", text: value => number(value.value), textAnchor: "start", dx: 5, fill: "currentColor" }),
    ],
  };
}

/** How far each method stands behind the best one on each task: 0 is the best. */
export function heat(cells: { row: string; column: string; value: number; text: string }[], rows: string[], columns: string[], label: string): Plot.PlotOptions {
  return {
    marginLeft: Math.min(170, 24 + 7 * Math.max(...rows.map(name => name.length))), marginBottom: columns.some(name => name.length > 8) ? 74 : 36, height: 70 + 34 * rows.length,
    x: { label: null, domain: columns, tickRotate: columns.some(name => name.length > 8) ? -30 : 0, tickSize: 0 }, y: { label: null, domain: rows, tickSize: 0 },
    color: { type: "linear", domain: [0, 1], range: ["#2a9d8f", "#f1f0ea"], interpolate: "lab", label },
    marks: [
      Plot.cell(cells, { x: "column", y: "row", fill: "value", inset: 1.5, rx: 4 }),
      Plot.text(cells, { x: "column", y: "row", text: "text", fill: "#16181c", fontSize: 11 }),
    ],
  };
}

/** What was reached over time, each trial a point, with the best so far as a step. */
export function progress(trials: { order: number; value: number; best: number; job: string }[], label: string, simple: { name: string; value: number }[], isLog: boolean): Plot.PlotOptions {
  const values = [...trials.map(trial => trial.value), ...simple.map(answer => answer.value)];
  const type = isLog && values.every(value => value > 0) ? "log" : "linear";
  return {
    marginLeft: 56, x: { label: "models trained", tickFormat: (value: number) => Number.isInteger(value) ? String(value) : "" }, y: { label, type, grid: true, ...(type === "log" ? { tickFormat: shortTick } : {}) },
    marks: [
      Plot.ruleY(simple, { y: "value", stroke: "currentColor", strokeOpacity: 0.5, strokeDasharray: "4 3" }),
      Plot.text(simple, { y: "value", frameAnchor: "right", textAnchor: "end", text: "name", dy: -6, fill: "currentColor" }),
      Plot.lineY(trials, { x: "order", y: "best", curve: "step-after", stroke: palette[0], strokeWidth: 2 }),
      Plot.dot(trials, { x: "order", y: "value", fill: palette[1], r: 3.5, fillOpacity: 0.8, title: trial => `${trial.job}: ${number(trial.value)}` }),
    ],
  };
}
