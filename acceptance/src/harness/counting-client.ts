import { once } from "node:events";
import { Agent, type IncomingHttpHeaders, type IncomingMessage, type OutgoingHttpHeaders, request } from "node:http";
import { buffer } from "node:stream/consumers";
import { setTimeout as wait } from "node:timers/promises";
import type { Ledger, StoredFile } from "./load-ledger.ts";
import { encodeForm, filePart, textPart, textParts } from "./multipart.ts";
import { metadata, pieceType } from "./tus.ts";
import { mint } from "./upload.ts";

interface Sent {
  readonly method?: string;
  readonly path: string;
  readonly headers?: OutgoingHttpHeaders;
  readonly body?: Uint8Array;
  /** Sends the body in pieces over this time. */
  readonly overMs?: number;
}

export interface Received {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly bytes: Buffer;
}

/** One client with one connection, which it keeps as long as the server does. */
export class CountingClient {
  readonly #url: string;
  readonly #ledger: Ledger;
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 1 });

  constructor(url: string, ledger: Ledger) {
    this.#url = url;
    this.#ledger = ledger;
  }

  close(): void {
    this.#agent.destroy();
  }

  /** Sends one request, once. @returns undefined when it failed, which is then counted */
  async ask(what: string, sent: Sent, expected: number): Promise<Received | undefined> {
    const began = performance.now();
    try {
      const received = await this.#send(sent);
      if (received.status !== expected) {
        throw new Error(`answered ${received.status}: ${received.bytes.toString().slice(0, 200)}`);
      }
      this.#ledger.count(what, performance.now() - began - (sent.overMs ?? 0));
      return received;
    } catch (error) {
      const { message, code } = error as Error & { code?: string };
      this.#ledger.fail(`${what} ${sent.method ?? "GET"} ${sent.path}: ${code ?? ""} ${message}`);
      return undefined;
    }
  }

  async upload(
    what: string,
    content: Buffer,
    fields: Readonly<Record<string, string>>,
    overMs?: number,
  ): Promise<StoredFile | undefined> {
    const token = mint(fields, { expiresIn: 600 });
    const { contentType, body } = encodeForm([textPart("token", token), ...textParts(fields), filePart(content)]);
    const headers = { "content-type": contentType, "content-length": body.length };
    const path = "/api/v2/files/upload";
    const sent = { method: "POST", path, headers, body, ...(overMs !== undefined && { overMs }) };
    const answer = await this.ask(what, sent, 200);
    return answer && this.#ledger.acknowledge(answer.bytes, content);
  }

  async resumable(content: Buffer, fields: Readonly<Record<string, string>>): Promise<void> {
    const tus = { "tus-resumable": "1.0.0" };
    const pairs = [...Object.entries(fields), ["token", mint(fields, { expiresIn: 600 })] as const];
    const creation = { ...tus, "upload-length": content.length, "upload-metadata": metadata(pairs) };
    const created = await this.ask(
      "resumable creation",
      { method: "POST", path: "/_sluice/resumable", headers: creation },
      201,
    );
    if (created === undefined) return;
    const { pathname: path } = new URL(String(created.headers.location));
    const size = Math.ceil(content.length / 3);
    for (let offset = 0; offset < content.length; offset += size) {
      const body = content.subarray(offset, offset + size);
      const headers = { ...tus, ...pieceType, "upload-offset": offset, "content-length": body.length };
      const taken = await this.ask("piece", { method: "PATCH", path, headers, body }, 204);
      if (taken === undefined) return;
      await wait(50);
    }
    const answer = await this.ask("resumable answer", { path, headers: tus }, 200);
    if (answer !== undefined) this.#ledger.acknowledge(answer.bytes, content);
  }

  async image(path: string): Promise<void> {
    await this.ask("image", { path }, 200);
  }

  async original(file: StoredFile | undefined): Promise<void> {
    if (file === undefined) return;
    const received = await this.ask("file", { path: `${file.path}?tr=orig-true` }, 200);
    if (received !== undefined && !received.bytes.equals(file.content)) {
      this.#ledger.fail(`file ${file.path}: other bytes than were stored`);
    }
  }

  async #send({ method = "GET", path, headers = {}, body, overMs = 0 }: Sent): Promise<Received> {
    const { hostname, port } = new URL(this.#url);
    const sending = request({ hostname, port, method, path, headers, agent: this.#agent });
    const answered = once(sending, "response", { signal: AbortSignal.timeout(60_000) }) as Promise<[IncomingMessage]>;
    answered.catch(() => undefined);
    const pieces = body === undefined || overMs === 0 ? 1 : 10;
    const size = Math.ceil((body?.length ?? 0) / pieces);
    for (let piece = 0; piece < pieces - 1; piece++) {
      sending.write(body?.subarray(piece * size, (piece + 1) * size));
      await wait(overMs / pieces);
    }
    sending.end(body?.subarray((pieces - 1) * size));
    const [answer] = await answered;
    return { status: answer.statusCode ?? 0, headers: answer.headers, bytes: await buffer(answer) };
  }
}
