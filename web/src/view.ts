import { html, nothing, type TemplateResult } from "lit-html";
import { Refused } from "./api";
import type { RunState } from "./types";

/** What a page is given: where it draws itself, the parts of its address, and the signal that it is left. */
export interface Visit {
  root: HTMLElement;
  parts: string[];
  query: URLSearchParams;
  left: AbortSignal;
}

export type Page = (visit: Visit) => void | Promise<void>;

const marks: Record<string, string> = { "held": "✓", "not held": "✕", "inconclusive": "≈", "stale": "↻", "not run": "○", "planned": "·", "not decided": "–" };

export const statuses = ["held", "not held", "inconclusive", "stale", "not run", "planned"] as const;

/** A verdict as a chip: a mark, a colour and the word, so that none of them alone has to tell. */
export const chip = (status: string): TemplateResult =>
  html`<span class="chip ${status.replace(" ", "-")}"><span aria-hidden="true">${marks[status] ?? "·"}</span>${status}</span>`;

const states: Record<RunState, string> = { Queued: "waits", Running: "runs", Finished: "finished", Failed: "failed", Stopped: "stopped", Interrupted: "interrupted" };

export const stateChip = (state: RunState): TemplateResult => html`<span class="chip state ${state.toLowerCase()}">${states[state]}</span>`;

/** Whether a run of this state may still change by itself. */
export const isActive = (state: RunState): boolean => state === "Queued" || state === "Running";

export const loading = (what = "loading"): TemplateResult => html`<p class="loading" aria-busy="true">${what} …</p>`;

export const failure = (error: unknown): TemplateResult => html`<div class="notice bad" role="alert"><strong>${error instanceof Refused && error.status === 404 ? "Not found" : "This did not work"}</strong> ${sentence(error)}</div>`;

/** What went wrong, as a sentence. */
export function sentence(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** Says something for a few seconds, and to screen readers. */
export function toast(text: string, isBad = false): void {
  const item = document.createElement("div");
  item.className = isBad ? "toast bad" : "toast";
  item.textContent = text;
  document.getElementById("toasts")!.append(item);
  setTimeout(() => item.remove(), isBad ? 9000 : 4000);
}

/** Does something that may fail, and says so if it does. */
export async function attempt<T>(work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof DOMException && error.name === "AbortError")) toast(sentence(error), true);
    return undefined;
  }
}

/** A text that is copied by a button. */
export const copyable = (text: string, what: string): TemplateResult => html`
  <span class="copyable"><code tabindex="0">${text}</code><button type="button" class="small" aria-label="Copy ${what}" @click=${() => attempt(async () => {
    await navigator.clipboard.writeText(text);
    toast("Copied.");
  })}>copy</button></span>`;

/** Names with values. */
export const facts = (pairs: [string, unknown][]): TemplateResult => html`
  <dl class="facts">${pairs.filter(([, value]) => value !== nothing && value !== null && value !== undefined && value !== "").map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>`;

/** A table that scrolls sideways where it is wider than the page. */
export const table = (label: string, header: unknown, rows: unknown): TemplateResult => html`
  <div class="table" tabindex="0" role="region" aria-label=${label}><table><thead><tr>${header}</tr></thead><tbody>${rows}</tbody></table></div>`;

/** Goes to another page. */
export function go(path: string): void {
  history.pushState(null, "", path);
  dispatchEvent(new PopStateEvent("popstate"));
}
