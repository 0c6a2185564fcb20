import { once } from "node:events";
import { type Agent, request as httpRequest, type IncomingMessage } from "node:http";
import { text } from "node:stream/consumers";
import { encodeForm, type RawPart } from "./multipart.ts";
import type { Answer } from "./upload.ts";

export interface OpenUploadOptions {
  readonly version?: 1 | 2;
  readonly headers?: Readonly<Record<string, string>>;
  readonly agent?: Agent;
}

/** An upload whose body is sent piece by piece, when the test says so. */
export interface OpenUpload {
  /** Sends the body up to the first occurrence of the text. The text itself is not sent yet. */
  sendUntil(text: string): Promise<void>;
  /** Sends this many more bytes, or the rest if there are fewer. */
  send(length: number): Promise<void>;
  /** Sends the rest of the body. */
  finish(): void;
  /** Cuts the connection. */
  abort(): void;
  /** Rejects when the connection breaks before the answer is complete. */
  readonly answer: Promise<Answer>;
}

/** Opens an upload of these parts. It sends the headers at once, and nothing of the body yet. */
export function openUpload(url: string, parts: readonly RawPart[], options: OpenUploadOptions = {}): OpenUpload {
  const { contentType, body } = encodeForm(parts);
  const request = httpRequest(`${url}/api/v${options.version ?? 2}/files/upload`, {
    method: "POST",
    headers: { "content-type": contentType, "content-length": body.length, ...options.headers },
    ...(options.agent === undefined ? {} : { agent: options.agent }),
  });
  const answer = readAnswer(request);
  // A test that aborts need not handle the answer's rejection as well.
  answer.catch(() => undefined);
  request.flushHeaders();
  let sent = 0;
  const sendTo = async (end: number): Promise<void> => {
    const chunk = body.subarray(sent, end);
    sent = end;
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    request.write(chunk, (error) => (error ? reject(error) : resolve()));
    await promise;
  };
  return {
    answer,
    async sendUntil(stop) {
      const end = body.indexOf(stop);
      if (end < sent) throw new Error(`the body does not go on to ${stop}`);
      await sendTo(end);
    },
    send: (length) => sendTo(Math.min(sent + length, body.length)),
    finish() {
      request.end(body.subarray(sent));
      sent = body.length;
    },
    abort: () => void request.destroy(),
  };
}

async function readAnswer(request: ReturnType<typeof httpRequest>): Promise<Answer> {
  const [response] = (await once(request, "response")) as [IncomingMessage];
  const body = await text(response);
  const headers = new Headers(
    Object.entries(response.headers).map(([name, value]) => [name, String(value)] as [string, string]),
  );
  return { status: response.statusCode ?? 0, headers, body: JSON.parse(body) };
}
