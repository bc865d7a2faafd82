import { post } from "./api";
import type { Run } from "./types";
import { attempt, go } from "./view";

/** Asks for a run, and goes to its page. */
export async function start(request: { kind: "Paper" | "Bench"; id: string; size: string; seeds?: number; seed?: number; settings?: Record<string, string>; methods?: string[] }): Promise<void> {
  const run = await attempt(() => post<Run>("/api/runs", request));
  if (run) go(`/runs/${run.id}`);
}
