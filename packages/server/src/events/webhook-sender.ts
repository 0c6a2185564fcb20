import { type Agent, type Dispatcher, request } from "undici";
import type { OutboundRules } from "../network/outbound-rules.ts";
import { toRemoteError } from "../network/remote-error.ts";
import { parseRemoteUrl } from "../network/remote-url.ts";
import { createSafeAgent } from "../network/safe-agent.ts";
import { type KeptAnswer, keepAnswer, maxKeptBodyBytes } from "./kept-answer.ts";
import { signWebhook } from "./sign-webhook.ts";

/** The time limit for the whole exchange (docs/protocol/webhooks-and-extensions.md §3). */
export const exchangeMs = 30_000;
const connectMs = 10_000;
/** The bytes of an answer that are read so that its connection can be reused. */
const maxAnswerBytes = 64 * 1024;
/** The number of characters of the beginning that are shown. */
const excerptLength = 200;
const maxExcerptBytes = 800;

export interface Webhook {
  readonly url: string;
  readonly id: string;
  readonly payload: string;
  readonly secrets: readonly string[];
}

/** The result of one attempt. Without an `error` the webhook counts as delivered. */
export interface Exchange {
  readonly status: number | null;
  readonly error: string | null;
  readonly excerpt: string | null;
  readonly durationMs: number;
  /** The time of the attempt's signature; Unix milliseconds. */
  readonly sentAt: number;
  /** The beginning of the answer; null without an answer. */
  readonly answer: KeptAnswer | null;
}

/** The headers of each webhook, besides those of its signatures. */
export const fixedHeaders = { "content-type": "application/json", "user-agent": "sluice-webhooks" } as const;

/**
 * Sends webhooks by POST, over connections that stay open between webhooks. The sender connects only where the rules
 * allow, follows no redirects, and keeps only the beginning of an answer.
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

  /** Sends one webhook. Never rejects because of what the receiver does. @throws the signal's reason */
  async send(webhook: Webhook, signal: AbortSignal): Promise<Exchange> {
    signal.throwIfAborted();
    const began = performance.now();
    const sentAt = this.#now();
    const life = new AbortController();
    // undici takes no notice of a signal while it looks up the name and connects.
    const cut = Promise.withResolvers<never>();
    const end = (): void => {
      life.abort();
      cut.reject(life.signal.reason);
    };
    const timer = setTimeout(end, this.#exchangeMs);
    signal.addEventListener("abort", end, { once: true });
    let status: number | null = null;
    let answer: KeptAnswer | null = null;
    const ended = (error: string | null, excerpt: string | null = null): Exchange => ({
      status,
      error,
      excerpt,
      durationMs: Math.round(performance.now() - began),
      sentAt,
      answer,
    });
    try {
      const posted = this.#post(webhook, sentAt, life.signal);
      const { statusCode, headers, body } = await Promise.race([posted, cut.promise]);
      status = statusCode;
      // The answer begins with its headers, also where its body never ends.
      answer = { ...keepAnswer(headers, Buffer.alloc(0)), isCut: true };
      const beginning = await readBeginning(body);
      answer = keepAnswer(headers, beginning);
      const excerpt = excerptOf(beginning);
      const delivered = status >= 200 && status <= 299;
      return ended(delivered ? null : `Its server answered with the status ${status}.`, excerpt);
    } catch (error) {
      signal.throwIfAborted();
      const late = life.signal.aborted;
      return ended(late ? `Its server took longer than ${this.#exchangeMs / 1000} seconds.` : problemOf(error));
    } finally {
      clearTimeout(timer);
      signal.removeEventListener("abort", end);
    }
  }

  async #post(
    { url, id, payload, secrets }: Webhook,
    at: number,
    signal: AbortSignal,
  ): Promise<Dispatcher.ResponseData> {
    return request(parseRemoteUrl(url, "The URL"), {
      dispatcher: this.#agent,
      method: "POST",
      headers: { ...fixedHeaders, ...signWebhook({ id, body: payload, secrets, at }) },
      body: payload,
      headersTimeout: 0,
      bodyTimeout: 0,
      signal,
    });
  }

  async close(): Promise<void> {
    this.#life.abort();
    await this.#agent.destroy();
  }
}

/** Reads the beginning of an answer, and one byte more than is kept. A long answer's connection is closed. */
async function readBeginning(body: Dispatcher.ResponseData["body"]): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of body as AsyncIterable<Buffer>) {
    if (size <= maxKeptBodyBytes) chunks.push(chunk);
    size += chunk.length;
    // Leaving the loop destroys the stream, and with it the connection.
    if (size > maxAnswerBytes) break;
  }
  return Buffer.concat(chunks).subarray(0, maxKeptBodyBytes + 1);
}

/** Describes an error in a sentence that names neither the URL nor an address. */
function problemOf(error: unknown): string {
  const { code = "" } = Object(error) as { readonly code?: unknown };
  if (/^(ECONNRESET|EPIPE|UND_ERR_SOCKET)$/.test(String(code))) {
    return "Its server closed the connection before it had answered.";
  }
  return toRemoteError(error, "The URL").message;
}

function excerptOf(beginning: Buffer): string | null {
  if (beginning.length === 0) return null;
  const text = beginning
    .subarray(0, maxExcerptBytes)
    .toString("utf8")
    // biome-ignore lint/suspicious/noControlCharactersInRegex: an answer is shown on terminals
    .replaceAll(/[\0-\x1f\x7f-\x9f\s]+/g, " ")
    .trim()
    .slice(0, excerptLength);
  return text === "" ? null : text;
}
