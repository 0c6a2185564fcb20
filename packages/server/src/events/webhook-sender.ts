import { type Agent, type Dispatcher, request } from "undici";
import type { OutboundRules } from "../network/outbound-rules.ts";
import { toRemoteError } from "../network/remote-error.ts";
import { parseRemoteUrl } from "../network/remote-url.ts";
import { createSafeAgent } from "../network/safe-agent.ts";
import { signWebhook } from "./sign-webhook.ts";

/** For the whole exchange (spec/webhooks-and-extensions.md §3). */
export const exchangeMs = 30_000;
const connectMs = 10_000;
/** What is read of an answer so that its connection can be used again, and what is kept of it. */
const mostBytes = 64 * 1024;
const excerptLength = 200;

export interface Webhook {
  readonly url: string;
  readonly id: string;
  readonly payload: string;
  readonly secrets: readonly string[];
}

/** What came of one attempt; without an `error` it counts as delivered. */
export interface Exchange {
  readonly status: number | null;
  readonly error: string | null;
  readonly excerpt: string | null;
  readonly durationMs: number;
}

/**
 * POSTs webhooks, over connections that stay open between them. Goes where the rules allow alone, follows no redirect
 * and keeps of an answer no more than how it begins.
 */
export class WebhookSender {
  readonly #life = new AbortController();
  readonly #agent: Agent;
  readonly #now: () => number;
  readonly #exchangeMs: number;

  constructor(rules: OutboundRules, now: () => number, limitMs = exchangeMs) {
    this.#agent = createSafeAgent({ rules, connectMs, signal: this.#life.signal });
    this.#now = now;
    this.#exchangeMs = limitMs;
  }

  /** Never rejects for what the other side does. @throws the signal's reason */
  async send({ url, id, payload, secrets }: Webhook, signal: AbortSignal): Promise<Exchange> {
    const began = performance.now();
    const limit = AbortSignal.timeout(this.#exchangeMs);
    const ended = (exchange: Omit<Exchange, "durationMs">): Exchange => ({
      ...exchange,
      durationMs: Math.round(performance.now() - began),
    });
    let status: number | null = null;
    try {
      const response = await request(parseRemoteUrl(url, "The URL"), {
        dispatcher: this.#agent,
        method: "POST",
        headers: {
          "content-type": "application/json",
          "user-agent": "sluice-webhooks",
          ...signWebhook({ id, body: payload, secrets, at: this.#now() }),
        },
        body: payload,
        headersTimeout: 0,
        bodyTimeout: 0,
        signal: AbortSignal.any([limit, signal]),
      });
      status = response.statusCode;
      const excerpt = await readExcerpt(response.body);
      const delivered = status >= 200 && status <= 299;
      return ended({ status, excerpt, error: delivered ? null : `Its server answered with the status ${status}.` });
    } catch (error) {
      signal.throwIfAborted();
      const problem = limit.aborted
        ? `Its server took longer than ${this.#exchangeMs / 1000} seconds.`
        : problemOf(error);
      return ended({ status, excerpt: null, error: problem });
    }
  }

  async close(): Promise<void> {
    this.#life.abort();
    await this.#agent.destroy();
  }
}

/** A sentence that names neither the URL nor an address. */
function problemOf(error: unknown): string {
  const { code = "" } = Object(error) as { readonly code?: unknown };
  if (/^(ECONNRESET|EPIPE|UND_ERR_SOCKET)$/.test(String(code))) {
    return "Its server closed the connection before it had answered.";
  }
  return toRemoteError(error, "The URL").message;
}

/** Reads an answer to its end, or, when it is a long one, ends its connection. */
async function readExcerpt(body: Dispatcher.ResponseData["body"]): Promise<string | null> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of body as AsyncIterable<Buffer>) {
    if (size < excerptLength * 4) chunks.push(chunk);
    size += chunk.length;
    // Leaving the loop destroys the stream, and with it the connection.
    if (size > mostBytes) break;
  }
  const text = Buffer.concat(chunks)
    .subarray(0, excerptLength * 4)
    .toString("utf8")
    // biome-ignore lint/suspicious/noControlCharactersInRegex: an answer is shown on terminals
    .replaceAll(/[\0-\x1f\x7f-\x9f\s]+/g, " ")
    .trim()
    .slice(0, excerptLength);
  return text === "" ? null : text;
}
