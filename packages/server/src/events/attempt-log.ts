import type { EventRow, WebhookExchangeRow } from "../database/repositories/events.ts";
import type { WebhookAttemptRow } from "../database/repositories/webhooks.ts";
import { newId } from "../text/id.ts";
import type { EventsDeps } from "./deps.ts";
import { logWebhookAttempts } from "./event-transactions.ts";
import type { Exchange } from "./webhook-sender.ts";

/** The time that attempts wait before they are written, and the number that may wait. */
const pauseMs = 500;
const maxWaitingAttempts = 200;

export interface WebhookAttempt {
  readonly event: Pick<EventRow, "id" | "account_id">;
  readonly endpointId: string | null;
  /** The URL to which the webhook was sent. */
  readonly url: string;
  readonly attempt: number;
  readonly exchange: Exchange;
}

/** The rows of an attempt: its result, and what was sent and answered. */
export interface AttemptRows {
  readonly attempt: WebhookAttemptRow;
  readonly exchange: WebhookExchangeRow;
}

export function rowsOfAttempt({ event, endpointId, url, attempt, exchange }: WebhookAttempt): AttemptRows {
  const id = newId(exchange.sentAt);
  const { id: eventId, account_id } = event;
  return {
    attempt: {
      id,
      account_id,
      event_id: eventId,
      endpoint_id: endpointId,
      attempt,
      status: exchange.status,
      error: exchange.error,
      excerpt: exchange.excerpt,
      duration_ms: exchange.durationMs,
      created_at: exchange.sentAt,
    },
    exchange: {
      attempt_id: id,
      account_id,
      target: endpointId ?? account_id,
      url,
      answer: exchange.answer === null ? null : JSON.stringify(exchange.answer),
    },
  };
}

/**
 * Logs the result of each attempt to deliver a webhook, many in one transaction. The log is for people to read, and a
 * crash may lose its last lines.
 */
export class AttemptLog {
  readonly #services: Pick<EventsDeps, "database" | "logger">;
  #waiting: AttemptRows[] = [];
  #timer: NodeJS.Timeout | undefined;
  #writing: Promise<void> = Promise.resolve();

  constructor(services: Pick<EventsDeps, "database" | "logger">) {
    this.#services = services;
  }

  add(attempt: WebhookAttempt): void {
    this.#waiting.push(rowsOfAttempt(attempt));
    if (this.#waiting.length >= maxWaitingAttempts) void this.flush();
    else this.#timer ??= setTimeout(() => void this.flush(), pauseMs).unref();
  }

  /** Resolves when all waiting attempts are written, or can't be written. */
  flush(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const attempts = this.#waiting;
    this.#waiting = [];
    if (attempts.length > 0) this.#writing = this.#writing.then(() => this.#write(attempts));
    return this.#writing;
  }

  async #write(rows: readonly AttemptRows[]): Promise<void> {
    const attempts = rows.map(({ attempt }) => attempt);
    const exchanges = rows.map(({ exchange }) => exchange);
    try {
      await this.#services.database.run(logWebhookAttempts, { attempts, exchanges });
    } catch (err) {
      this.#services.logger.warn(
        { err, attempts: attempts.length },
        "attempts to deliver webhooks could not be recorded",
      );
    }
  }
}
