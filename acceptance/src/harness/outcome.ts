import type { Answer } from "./upload.ts";

/** Asks for the outcome of the upload with this token, as a page does. */
export async function askOutcome(url: string, token: string, attempt?: string): Promise<Answer> {
  const body = new URLSearchParams({ token, ...(attempt !== undefined && { attempt }) });
  return answerOf(await postOutcome(url, { body }));
}

export function postOutcome(url: string, init: RequestInit): Promise<Response> {
  return fetch(`${url}/_sluice/upload-outcome`, { method: "POST", ...init });
}

export async function answerOf(response: Response): Promise<Answer> {
  return { status: response.status, headers: response.headers, body: await response.json() };
}
