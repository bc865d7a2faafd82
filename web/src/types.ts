// What the server says; each type is a record of src/Paramorph.Server, and numbers that are not finite come as null.

export type Figure = number | null;

export type Status = "held" | "not held" | "inconclusive" | "stale" | "not run" | "planned" | "not decided";

export interface ListedPaper {
  id: string;
  title: string;
  family: string;
  kind: string;
  status: Status;
  what: string;
}

export interface FoundItem {
  id: string;
  title: string;
  family: string;
  status: Status;
  score: number;
}

export interface MapPlace {
  id: string;
  x: number;
  y: number;
}

export interface Metric {
  name: string;
  meaning: string;
  better: "Lower" | "Higher" | "Neither";
}

export interface Setting {
  name: string;
  meaning: string;
  smoke: string;
  full: string;
  allowed: string;
}

export interface Experiment {
  question: string;
  original: string;
  difference: string;
  budget: string;
  data: string | null;
  why: string | null;
  seeds: number;
  arms: { name: string; meaning: string; role: string; candidates: number }[];
  metrics: Metric[];
  claims: { text: string; origin: string; isMain: boolean }[];
  settings: Setting[];
  earlier: { date: string; verdict: string; changed: string }[];
}

export interface Claim {
  text: string;
  verdict: string;
  effect: Figure;
  interval: [Figure, Figure];
  threshold: number;
  unit: string;
  isMain: boolean;
  origin: string;
}

export interface ArmResult {
  name: string;
  role: string;
  choices: Record<string, number>[];
  metrics: Record<string, { mean: Figure; sd: Figure; values: Figure[] }>;
  parameters: number;
  steps: number;
  flops: number;
  seconds: number;
  parameterHashes: (string | null)[];
}

export interface Machine {
  processor: string;
  threads: number;
  system: string;
  runtime: string;
}

export interface ExperimentResult {
  id: string;
  seeds: number[];
  size: string;
  verdict: string;
  claims: Claim[];
  arms: ArmResult[];
  settings: Record<string, string>;
  budget: string;
  machine: Machine;
  version: string;
  date: string;
  seconds: number;
  peakBytes: number;
  fingerprint: string;
  warnings: string[];
}

export type RunState = "Queued" | "Running" | "Finished" | "Failed" | "Stopped" | "Interrupted";

export interface Run {
  id: number;
  kind: "Paper" | "Bench" | "Fit";
  subject: string;
  title: string;
  state: RunState;
  arguments: string[];
  created: string;
  began: string | null;
  ended: string | null;
  message: string | null;
  outcome: string | null;
  place: number | null;
}

export interface ShownFile {
  path: string;
  bytes: number;
}

export interface ShownRun {
  run: Run;
  command: string;
  result: ExperimentResult | BenchRecord | FitResult | null;
  files: ShownFile[];
}

export interface ShownPaper {
  id: string;
  title: string;
  family: string;
  kind: string;
  status: Status;
  what: string;
  show: string;
  code: string | null;
  experiment: Experiment | null;
  record: ExperimentResult | null;
  runs: Run[];
}

export interface ListedBench {
  id: string;
  meaning: string;
  metric: string;
  tasks: number;
  standing: string[];
  isReady: boolean;
  recorded: string | null;
  best: string | null;
  isStale: boolean;
}

export interface BenchMetric {
  mean: Figure;
  low: Figure;
  high: Figure;
  values: Figure[];
}

export interface BenchEntry {
  name: string;
  role: string;
  paper: string | null;
  metrics: Record<string, BenchMetric>;
  parameters: number;
  flops: number;
  seconds: number;
  published: { task: string; metric: string; value: number; source: string; reached: boolean }[];
}

export interface BenchRecord {
  id: string;
  ready: boolean;
  tasks: string[];
  methods: BenchEntry[];
  seeds: number[];
  budget: string;
  machine: Machine | null;
  version: string;
  date: string;
}

export interface ShownBench {
  id: string;
  meaning: string;
  budget: string;
  metrics: Metric[];
  tasks: string[];
  standing: { name: string; meaning: string; role: string }[];
  further: string[];
  isStale: boolean;
  record: BenchRecord | null;
}

export interface DifferenceRow {
  metric: string;
  task: string | null;
  better: "Lower" | "Higher" | "Neither";
  mean: Figure;
  low: Figure;
  high: Figure;
  seeds: { seed: number; difference: Figure }[];
}

export interface PairedDifference {
  a: string;
  b: string;
  rows: DifferenceRow[];
}

export interface Upload {
  id: string;
  name: string;
  bytes: number;
}

export interface ListedKind {
  name: string;
  meaning: string;
  ready: string[];
}

export interface Understood {
  problem: string;
  name: string;
  content: string;
  understood: string[];
  targets: string[];
  columns: { name: string; type: "Number" | "Category" | "Time"; missing: number; examples: string[] }[];
  methods: { name: string; meaning: string; isAutomatic: boolean }[];
  kinds: string[];
}

export interface FitRequest {
  upload?: string;
  ready?: string;
  name?: string;
  problem?: string;
  targets?: string[];
  ignored?: string[];
  categories?: string[];
  group?: string;
  time?: string;
  budget?: string;
  methods?: string[];
  seed?: number;
  settings?: Record<string, string>;
}

export interface FitResult {
  problem: string;
  method: string;
  hyperparameters: Record<string, string>;
  data: { file: string; rows: number; columns: number; understood: string[]; train: number; validation: number; test: number };
  metrics: { validation: Record<string, Figure>; test: Record<string, Figure>; testIntervals: Record<string, [Figure, Figure]> };
  intervals: { level: number; coverage: number; width: number; calibrationError: Figure; logLikelihood: Figure } | null;
  simple: { name: string; metrics: Record<string, Figure> }[];
  tried: { method: string; hyperparameters: Record<string, string>; metrics: Record<string, Figure>; share: number; seconds: number }[];
  parameters: number;
  seconds: number;
  notes: string[];
  parts: { method: string; members: number; weight: number }[];
  budget: string;
  seed: number;
  version: string;
}

export interface ListedModel {
  name: string;
  made: string;
  result: FitResult | null;
}

export interface ModelColumn {
  name: string;
  type: string;
  mean?: number;
  categories?: string[];
}

export interface ShownModel {
  name: string;
  made: string;
  result: FitResult | null;
  preparation: { columns?: ModelColumn[]; targets?: string[] } | null;
  files: ShownFile[];
}

export interface Inspection {
  problem: string;
  method: string;
  parameters: number;
  bytes: number;
  flops: number;
  microsecondsOfOne: number;
  microsecondsOfMany: number;
  operations: Record<string, number>;
  formulas: string[];
}

export interface Answers {
  id: string;
  file: string;
  rows: number;
  lines: string[];
  notes: string[];
}

/** A line of what a run tells while it works. */
export type RunEvent =
  | { event: "state"; state: RunState; time: string }
  | { event: "planned"; done: number; jobs: number }
  | { event: "progressed"; job: string; arm?: string; seed?: number; isSearch?: boolean; step: number; steps: number; loss: Figure }
  | { event: "finished"; job: string; arm?: string; seed?: number; isSearch?: boolean; metrics?: Record<string, Figure>; metric?: string; value?: Figure; best?: Figure }
  | { event: "began"; problem: string; name: string; metric: string; better: string; simple: Record<string, Figure>; understood: string[] }
  | { event: "entered"; stage: string; jobs: number }
  | { event: "noted"; note: string };
