import { part } from "./api";
import { family } from "./format";
import type { ListedPaper, MapPlace } from "./types";

/** A map of papers, on which some are shown and the others stand back. */
export interface PaperMap {
  show(shown: boolean[]): void;
}

const Width = 1200, Height = 800, Margin = 40;
const space = "http://www.w3.org/2000/svg";

function element<K extends keyof SVGElementTagNameMap>(name: K, attributes: Record<string, string | number>): SVGElementTagNameMap[K] {
  const made = document.createElementNS(space, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, String(value));
  return made;
}

/** Draws papers where they mean something near: a point for each, in the colour of its family, that leads to its page. Arrow keys go to the nearest one. */
export function drawMap(root: HTMLElement, papers: ListedPaper[], places: MapPlace[]): PaperMap {
  const at = new Map(places.map(place => [place.id, place]));
  const x = (paper: ListedPaper): number => Margin + (Width - 2 * Margin) * at.get(paper.id)!.x;
  const y = (paper: ListedPaper): number => Margin + (Height - 2 * Margin) * at.get(paper.id)!.y;
  const families = [...new Set(papers.map(paper => paper.family))].sort();
  const svg = element("svg", { viewBox: `0 0 ${Width} ${Height}`, role: "group", "aria-label": "Map of papers: near means alike. Arrow keys go from one to the next." });
  const card = document.createElement("div");
  card.className = "map-card";
  card.hidden = true;

  const points = papers.map((paper, i) => {
    const link = element("a", { href: `/papers/${part(paper.id)}`, tabindex: i === 0 ? 0 : -1, "aria-label": `${paper.title}, ${family(paper.family)}, ${paper.status}` });
    link.append(element("circle", { cx: x(paper).toFixed(1), cy: y(paper).toFixed(1), r: paper.status === "planned" ? 5 : 8, class: `point hue-${families.indexOf(paper.family)} ${paper.status.replace(" ", "-")}` }));
    link.addEventListener("pointerenter", () => tell(i));
    link.addEventListener("pointerleave", () => { card.hidden = true; });
    link.addEventListener("focus", () => tell(i));
    link.addEventListener("blur", () => { card.hidden = true; });
    link.addEventListener("keydown", event => move(event, i));
    svg.append(link);
    return link;
  });
  const labels = families.map(name => {
    const members = papers.filter(paper => paper.family === name);
    const middle = (values: number[]): number => values.sort((a, b) => a - b)[Math.floor(values.length / 2)]!;
    const label = element("text", { x: middle(members.map(x)).toFixed(1), y: middle(members.map(y)).toFixed(1), class: "map-label", "aria-hidden": "true" });
    label.textContent = family(name);
    svg.append(label);
    return label;
  });
  spread(labels);
  root.append(svg, card, legend(families));
  let shown = papers.map(() => true);

  function tell(i: number): void {
    const paper = papers[i]!, box = svg.getBoundingClientRect(), outer = root.getBoundingClientRect();
    card.replaceChildren();
    for (const [kind, text] of [["strong", paper.title], ["span", `${family(paper.family)} · ${paper.status}`], ["p", paper.what]] as const) {
      const line = document.createElement(kind);
      line.textContent = text;
      card.append(line);
    }
    card.hidden = false;
    const left = box.left - outer.left + x(paper) / Width * box.width, top = box.top - outer.top + y(paper) / Height * box.height;
    const isRight = left > box.width / 2, isLow = top > box.height / 2;
    card.style.left = `${Math.max(0, Math.min(isRight ? left - card.offsetWidth - 14 : left + 14, outer.width - card.offsetWidth))}px`;
    card.style.top = `${isLow ? top - card.offsetHeight - 10 : top + 14}px`;
  }

  function move(event: KeyboardEvent, from: number): void {
    const way = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
    if (!way) return;
    event.preventDefault();
    let best = -1, least = Infinity;
    papers.forEach((paper, i) => {
      if (i === from || !shown[i]) return;
      const dx = x(paper) - x(papers[from]!), dy = y(paper) - y(papers[from]!);
      const along = dx * way[0]! + dy * way[1]!, aside = Math.abs(dx * way[1]!) + Math.abs(dy * way[0]!);
      if (along <= 0.5 || aside > 2 * along) return;
      if (along + 2 * aside < least) [best, least] = [i, along + 2 * aside];
    });
    if (best < 0) return;
    points[from]!.setAttribute("tabindex", "-1");
    points[best]!.setAttribute("tabindex", "0");
    points[best]!.focus();
  }

  return {
    show(now) {
      shown = now;
      now.forEach((isShown, i) => points[i]!.classList.toggle("back", !isShown));
      const first = now.indexOf(true);
      points.forEach((point, i) => point.setAttribute("tabindex", i === first ? "0" : "-1"));
    },
  };
}

/** Moves labels that cover one another apart. */
function spread(labels: SVGTextElement[]): void {
  const boxes = labels.map(label => ({ label, x: Number(label.getAttribute("x")), y: Number(label.getAttribute("y")), width: 13 * label.textContent!.length, height: 30 }));
  for (let round = 0; round < 60; round++) {
    for (const a of boxes) {
      for (const b of boxes) {
        if (a === b || Math.abs(a.x - b.x) > (a.width + b.width) / 2 || Math.abs(a.y - b.y) > a.height) continue;
        const push = (a.height - Math.abs(a.y - b.y)) / 2 + 0.5;
        const way = a.y < b.y || (a.y === b.y && boxes.indexOf(a) < boxes.indexOf(b)) ? -1 : 1;
        a.y += way * push;
        b.y -= way * push;
      }
    }
  }
  for (const box of boxes) {
    box.label.setAttribute("x", Math.min(Width - box.width / 2 - 4, Math.max(box.width / 2 + 4, box.x)).toFixed(1));
    box.label.setAttribute("y", Math.min(Height - 12, Math.max(26, box.y)).toFixed(1));
  }
}

function legend(families: string[]): HTMLElement {
  const list = document.createElement("ul");
  list.className = "map-legend";
  families.forEach((name, i) => {
    const item = document.createElement("li");
    const dot = document.createElement("span");
    dot.className = `dot hue-${i}`;
    item.append(dot, family(name));
    list.append(item);
  });
  const hint = document.createElement("li");
  hint.className = "hint";
  hint.textContent = "Near means alike in meaning. Large points run here, small ones are planned.";
  list.append(hint);
  return list;
}
