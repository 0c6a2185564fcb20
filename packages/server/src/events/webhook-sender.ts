import type { Agent } from "undici";
import type { OutboundRules } from "../network/outbound-rules.ts";
import { toRemoteError } from "../network/remote-error.ts";
import { parseRemoteUrl } from "../network/remote-url.ts";
import { createSafeAgent } from "../network/safe-agent.ts";
import { postWebhook } from "./post-webhook.ts";
import { signWebhook } from "./sign-webhook.ts";

/** The time limit for the whole exchange (docs/protocol/webhooks-and-extensions.md §3). */
export const exchangeMs = 30_000;
const connectMs = 10_000;
/** How many characters of an answer are kept. */
const excerptLength = 200;

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
}

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
  async send({ url, id, payload, secrets }: Webhook, signal: AbortSignal): Promise<Exchange> {
    const began = performance.now();
    const ended = (exchange: Omit<Exchange, "durationMs">): Exchange => ({
      ...exchange,
      durationMs: Math.round(performance.now() - began),
    });
    try {
      const headers = {
        "content-type": "application/json",
        "user-agent": "sluice-webhooks",
        ...signWebhook({ id, body: payload, secrets, at: this.#now() }),
      };
      const post = { url: parseRemoteUrl(url, "The URL"), headers, body: payload, limitMs: this.#exchangeMs };
      const { status, beginning, failure } = await postWebhook(this.#agent, post, signal);
      if (failure === "too late") {
        return ended({
          status,
          excerpt: null,
          error: `Its server took longer than ${this.#exchangeMs / 1000} seconds.`,
        });
      }
      if (failure !== undefined) return ended({ status, excerpt: null, error: problemOf(failure.reason) });
      const delivered = status !== null && status >= 200 && status <= 299;
      const error = delivered ? null : `Its server answered with the status ${status}.`;
      return ended({ status, excerpt: excerptOf(beginning), error });
    } catch (error) {
      signal.throwIfAborted();
      return ended({ status: null, excerpt: null, error: problemOf(error) });
    }
  }

  async close(): Promise<void> {
    this.#life.abort();
    await this.#agent.destroy();
  }
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
    .toString("utf8")
    // biome-ignore lint/suspicious/noControlCharactersInRegex: an answer is shown on terminals
    .replaceAll(/[\0-\x1f\x7f-\x9f\s]+/g, " ")
    .trim()
    .slice(0, excerptLength);
  return text === "" ? null : text;
}
