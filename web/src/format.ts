import type { Figure } from "./types";

/** A number in four digits, as it stands in tables; a dash for none. */
export function number(value: Figure | undefined, digits = 4): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return "–";
  if (value === 0) return "0";
  const size = Math.abs(value);
  if (size >= 1e6 || size < 1e-4) return value.toExponential(digits - 2).replace("e+", "e").replace("-", "−").replace("e-", "e−");
  const text = size >= 1000 ? Math.round(value).toLocaleString("en-US") : String(Number(value.toPrecision(digits)));
  return text.replace("-", "−");
}

export const whole = (value: number): string => Math.round(value).toLocaleString("en-US");

export const percent = (value: number): string => `${(100 * value).toFixed(1)} %`;

export function bytes(value: number): string {
  if (value < 1024) return `${value} B`;
  if (value < 1024 * 1024) return `${(value / 1024).toFixed(0)} KiB`;
  return `${Number((value / 1024 / 1024).toFixed(1))} MiB`;
}

export function duration(seconds: number): string {
  if (seconds < 60) return `${seconds < 10 ? seconds.toFixed(1) : Math.round(seconds)} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ${Math.round(seconds % 60)} s`;
  return `${Math.floor(seconds / 3600)} h ${Math.round((seconds % 3600) / 60)} min`;
}

/** How long ago, in words. */
export function ago(time: string): string {
  const seconds = (Date.now() - Date.parse(time)) / 1000;
  if (seconds < 60) return "just now";
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ago`;
  if (seconds < 86400) return `${Math.floor(seconds / 3600)} h ago`;
  return day(time);
}

export const day = (time: string): string => time.slice(0, 10);

/** The rows of delimited text, quoted fields included. */
export function parseDelimited(text: string, delimiter = ","): string[][] {
  const rows: string[][] = [];
  let row: string[] = [], field = "", isQuoted = false;
  for (let i = 0; i < text.length; i++) {
    const letter = text[i]!;
    if (isQuoted) {
      if (letter !== "\"") field += letter;
      else if (text[i + 1] === "\"") field += text[++i];
      else isQuoted = false;
    } else if (letter === "\"") {
      isQuoted = true;
    } else if (letter === delimiter) {
      row.push(field);
      field = "";
    } else if (letter === "\n") {
      row.push(field.replace(/\r$/, ""));
      rows.push(row);
      row = [];
      field = "";
    } else {
      field += letter;
    }
  }
  if (field !== "" || row.length > 0) rows.push([...row, field]);
  return rows;
}

/** A field as delimited text holds it. */
export const quoted = (field: string): string => /[",\n\r]/.test(field) || field !== field.trim() ? `"${field.replaceAll("\"", "\"\"")}"` : field;

const families: Record<string, string> = {
  bayes: "Bayesian methods",
  conditional: "Conditional computation",
  design: "Design of networks",
  dynamics: "Dynamics",
  fields: "Fields of coordinates",
  graphs: "Graphs",
  molecules: "Molecules and matter",
  neurons: "Neurons and activations",
  operators: "Operators on functions",
  pinn: "Differential equations",
  search: "Architecture search",
  sequences: "Sequences and memories",
  shrink: "Smaller networks",
  spiking: "Spiking networks",
  symbolic: "Formulas",
  theory: "Theory",
  vision: "Vision",
  weights: "Weights from functions",
};

export const family = (name: string): string => families[name] ?? name;
