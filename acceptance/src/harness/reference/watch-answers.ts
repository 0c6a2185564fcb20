import { subscribe } from "node:diagnostics_channel";
import type { ClientRequest, IncomingMessage } from "node:http";
import { brotliDecompressSync, gunzipSync } from "node:zlib";
import { problemsOf } from "./hold-answer.ts";

const origins = new Set<string>();
const problems: string[] = [];
const underWay = new Set<Promise<void>>();
let watching = false;

/** From now on the answers of the server at this address are compared with the OpenAPI document. */
export function holdAnswersOf(url: string): void {
  origins.add(new URL(url).origin);
}

/** The server at this address has ended. Another program may get its port. */
export function forgetAnswersOf(url: string): void {
  origins.delete(new URL(url).origin);
}

/** The problems since the last call. Answers that are still being read are waited for. */
export async function takeProblems(): Promise<readonly string[]> {
  await Promise.all(underWay);
  return problems.splice(0);
}

/** Reads along what `fetch` and `node:http` receive in this process, without a request of its own. */
export function watchAnswers(): void {
  if (watching) return;
  watching = true;
  const { fetch } = globalThis;
  globalThis.fetch = Object.assign(async (...[input, init]: Parameters<typeof fetch>) => {
    const answer = await fetch(input, init);
    const method = init?.method ?? (input instanceof Request ? input.method : "GET");
    holdFetched(method.toUpperCase(), answer);
    return answer;
  }, fetch);
  subscribe("http.client.response.finish", (message) => {
    const { request, response } = message as { request: ClientRequest; response: IncomingMessage };
    holdReceived(request, response);
  });
}

function holdFetched(method: string, answer: Response): void {
  const { status, url } = answer;
  if (!isHeld(url)) return;
  const contentType = answer.headers.get("content-type");
  if (!isJson(contentType) || method === "HEAD") {
    note(method, url, status, contentType);
    return;
  }
  // The test may abort the answer, which the test itself has to judge.
  const reading = answer
    .clone()
    .text()
    .then(
      (text) => note(method, url, status, contentType, text),
      () => undefined,
    );
  underWay.add(reading);
  void reading.finally(() => underWay.delete(reading));
}

function holdReceived(request: ClientRequest, response: IncomingMessage): void {
  const url = `${request.protocol}//${request.getHeader("host")}${request.path}`;
  if (!URL.canParse(url) || !isHeld(url)) return;
  const { statusCode = 0 } = response;
  const contentType = response.headers["content-type"] ?? null;
  // Clients that decode the answer take this header away.
  const coding = response.headers["content-encoding"];
  if (!isJson(contentType) || request.method === "HEAD") {
    note(request.method, url, statusCode, contentType);
    return;
  }
  const chunks: Buffer[] = [];
  const push = response.push.bind(response);
  // A listener for the data would begin the reading in the test's place.
  response.push = (chunk: unknown, encoding?: BufferEncoding) => {
    if (chunk instanceof Uint8Array) chunks.push(Buffer.from(chunk));
    else if (chunk === null && response.complete) {
      const bytes = decoded(Buffer.concat(chunks), coding);
      note(request.method, url, statusCode, contentType, bytes.toString());
    }
    return push(chunk, encoding);
  };
}

/** The bytes as they were before the server compressed them. */
function decoded(bytes: Buffer, coding: string | undefined): Buffer {
  if (coding === undefined) return bytes;
  return coding === "br" ? brotliDecompressSync(bytes) : gunzipSync(bytes);
}

function note(method: string, url: string, status: number, contentType: string | null, text?: string): void {
  problems.push(...problemsOf({ method, url, status, contentType, ...(text !== undefined && { text }) }));
}

const isHeld = (url: string): boolean => url !== "" && origins.has(new URL(url).origin);
const isJson = (contentType: string | null): boolean => contentType?.startsWith("application/json") ?? false;
