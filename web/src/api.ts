/** What the server says when it refuses something: one sentence. */
export class Refused extends Error {
  constructor(message: string, readonly status: number) {
    super(message);
  }
}

async function ask(path: string, init?: RequestInit): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(path, init);
  } catch (error) {
    if (init?.signal?.aborted) throw error;
    throw new Refused("the server does not answer: is paramorph serve still running?", 0);
  }
  if (response.ok) return response;
  const said = await response.json().catch(() => null) as { error?: string } | null;
  throw new Refused(said?.error ?? `the server answered ${response.status}.`, response.status);
}

export async function get<T>(path: string, signal?: AbortSignal): Promise<T> {
  return await (await ask(path, { signal })).json() as T;
}

export async function getText(path: string, signal?: AbortSignal): Promise<string> {
  return await (await ask(path, { signal })).text();
}

export async function getFile(path: string): Promise<Blob> {
  return await (await ask(path)).blob();
}

export async function post<T>(path: string, body?: unknown, signal?: AbortSignal): Promise<T> {
  const response = await ask(path, {
    method: "POST", signal, headers: { "Content-Type": "application/json" }, body: body === undefined ? undefined : JSON.stringify(body),
  });
  return (response.status === 204 ? undefined : await response.json()) as T;
}

export async function send<T>(path: string, file: Blob, signal?: AbortSignal): Promise<T> {
  return await (await ask(path, { method: "POST", signal, headers: { "Content-Type": "application/octet-stream" }, body: file })).json() as T;
}

export async function remove(path: string): Promise<void> {
  await ask(path, { method: "DELETE" });
}

/** A part of an address. */
export const part = encodeURIComponent;

/** A path of a file, whose strokes stay. */
export const filePath = (path: string): string => path.split("/").map(part).join("/");
