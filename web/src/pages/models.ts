import { html, nothing, render } from "lit-html";
import { get, part } from "../api";
import { ago, number, whole } from "../format";
import type { ListedModel } from "../types";
import { loading, type Visit } from "../view";

/** The models that were fitted here. */
export async function models({ root, left }: Visit): Promise<void> {
  render(loading("the models"), root);
  const all = await get<ListedModel[]>("/api/models", left);
  render(html`
    <section class="hero"><h1>Models</h1><p class="lead">Fitted on this machine: look at them, ask them, take them elsewhere.</p></section>
    ${all.length === 0 ? html`<p class="notice">There is none yet: <a href="/fit">fit one</a> to a file of yours.</p>` : nothing}
    <ul class="cards">${all.map(model => html`
      <li><a class="card" href="/models/${part(model.name)}"><h2>${model.name}</h2>${model.result ? html`
        <p><strong>${model.result.method}</strong> for ${model.result.problem}, from ${model.result.data.file}</p>
        <p class="meta">${Object.entries(model.result.metrics.test).slice(0, 3).map(([name, value]) => `${name} ${number(value)}`).join(" · ")}</p>
        <p class="meta">${whole(model.result.parameters)} parameters · ${ago(model.made)}</p>` : html`<p class="meta">${ago(model.made)}</p>`}</a></li>`)}</ul>`, root);
}
