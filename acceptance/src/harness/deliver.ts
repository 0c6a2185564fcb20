import { once } from "node:events";
import { type IncomingHttpHeaders, type IncomingMessage, request } from "node:http";
import { buffer } from "node:stream/consumers";

export interface Delivered {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly bytes: Buffer;
}

export interface DeliverOptions {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Requests a URL with these headers and no others. The request target is sent byte for byte as written. */
export async function deliver(url: string, { method = "GET", headers = {} }: DeliverOptions = {}): Promise<Delivered> {
  const { origin, hostname, port } = new URL(url);
  const path = url.slice(origin.length);
  const sent = request({ hostname, port, path, method, headers, agent: false }).end();
  const [answer] = (await once(sent, "response")) as [IncomingMessage];
  return { status: answer.statusCode ?? 0, headers: answer.headers, bytes: await buffer(answer) };
}

/** The URL of the stored bytes, without the changes that delivery makes by default. */
export function original(url: string): string {
  return `${url}${url.includes("?") ? "&" : "?"}tr=orig-true`;
}

/** The stored bytes at a URL, as text. */
export async function textAt(url: string): Promise<string> {
  const { status, bytes } = await deliver(original(url));
  return status === 200 ? bytes.toString() : `status ${status}`;
}
