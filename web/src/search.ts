import { html, nothing, render } from "lit-html";
import { get, part } from "./api";
import { family } from "./format";
import type { FoundItem } from "./types";
import { chip, go } from "./view";

/** The box that finds papers from every page: what is found stands below it and is walked through by arrow keys. */
export function searchBox(root: HTMLElement): void {
  let found: FoundItem[] = [], chosen = -1, isOpen = false, text = "";
  let asked = new AbortController();
  let timer = 0;

  function draw(): void {
    render(html`
      <input id="search-input" type="search" role="combobox" placeholder="Search papers  /" aria-label="Search papers" autocomplete="off" spellcheck="false" aria-autocomplete="list"
        aria-expanded=${isOpen} aria-controls="found" aria-activedescendant=${chosen >= 0 ? `found-${chosen}` : nothing}
        @input=${onInput} @keydown=${onKey} @focus=${() => { isOpen = found.length > 0; draw(); }} @blur=${() => setTimeout(() => { isOpen = false; draw(); }, 150)}>
      <ul id="found" role="listbox" aria-label="Papers found" ?hidden=${!isOpen}>
        ${found.length === 0 ? html`<li class="none" role="option" aria-selected="false">Nothing found for “${text}”.</li>` : found.map((item, i) => html`
          <li id="found-${i}" role="option" aria-selected=${i === chosen} class=${i === chosen ? "chosen" : ""} @mousedown=${(event: Event) => { event.preventDefault(); open(item); }}>
            <span>${item.title}</span><small>${family(item.family)} ${chip(item.status)}</small>
          </li>`)}
      </ul>`, root);
  }

  function open(item: FoundItem): void {
    isOpen = false;
    chosen = -1;
    draw();
    (root.querySelector("input") as HTMLInputElement).blur();
    go(`/papers/${part(item.id)}`);
  }

  function onInput(event: Event): void {
    text = (event.target as HTMLInputElement).value.trim();
    clearTimeout(timer);
    timer = setTimeout(() => void ask(), 120);
  }

  async function ask(): Promise<void> {
    asked.abort();
    asked = new AbortController();
    chosen = -1;
    try {
      found = text === "" ? [] : (await get<FoundItem[]>(`/api/search?q=${part(text)}`, asked.signal)).slice(0, 10);
      // Who has gone on in the meantime does not want it over the page.
      isOpen = text !== "" && root.contains(document.activeElement);
    } catch {
      return;
    }
    draw();
  }

  function onKey(event: KeyboardEvent): void {
    if (event.key === "Escape") {
      clearTimeout(timer);
      asked.abort();
      isOpen = false;
    } else if (event.key === "ArrowDown" && found.length > 0) {
      isOpen = true;
      chosen = (chosen + 1) % found.length;
    } else if (event.key === "ArrowUp" && found.length > 0) {
      chosen = (chosen + found.length - 1) % found.length;
    } else if (event.key === "Enter" && isOpen && found.length > 0) {
      open(found[Math.max(0, chosen)]!);
      return;
    } else {
      return;
    }
    event.preventDefault();
    draw();
    root.querySelector(".chosen")?.scrollIntoView({ block: "nearest" });
  }

  addEventListener("keydown", event => {
    if (event.key !== "/" || event.ctrlKey || event.metaKey || (event.target as Element).closest?.("input, textarea, select, [contenteditable]")) return;
    event.preventDefault();
    (root.querySelector("input") as HTMLInputElement).focus();
  });
  draw();
}
