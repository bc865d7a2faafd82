import { filePath, getText } from "./api";
import { bands, Chart, type Point } from "./charts";
import type { ShownFile } from "./types";

/** The curves that runs left, one chart for each name; of several runs the arms of each are told apart. */
export async function curveCharts(runs: { id: number; name: string; files: ShownFile[] }[], signal: AbortSignal): Promise<HTMLElement[]> {
  const names = [...new Set(runs.flatMap(run => run.files.map(file => file.path).filter(path => /^curves\/.*\.csv$/.test(path))))];
  const charts: HTMLElement[] = [];
  for (const path of names.slice(0, 12)) {
    const points: Point[] = [];
    for (const run of runs.filter(run => run.files.some(file => file.path === path)))
      points.push(...read(await getText(`/api/runs/${run.id}/files/${filePath(path)}`, signal), run.name));
    if (points.length === 0) continue;
    const series = [...new Set(points.map(point => point.series))], title = path.replace(/^curves\/|\.csv$/g, "").replaceAll("-", " ");
    charts.push(new Chart({ title, label: `${title} of ${series.join(", ")}`, log: points.every(point => point.y > 0), plot: (_, isLog) => bands(points, series, "step", title, isLog) }).root);
  }
  return charts;
}

/** Names of arms may hold commas, the three numbers behind them do not. */
function read(text: string, run: string): Point[] {
  const points: Point[] = [];
  for (const line of text.split("\n").slice(1)) {
    const fields = line.split(",");
    if (fields.length < 4) continue;
    const [y, x, seed] = [Number(fields.pop()), Number(fields.pop()), fields.pop()!];
    const series = run ? `${run}: ${fields.join(",")}` : fields.join(",");
    if (Number.isFinite(x) && Number.isFinite(y)) points.push({ series, x, y, line: `${series} ${seed}` });
  }
  return points;
}
