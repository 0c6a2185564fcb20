import type { EventRow } from "../database/repositories/events.ts";
import type { WebhookAttemptRow } from "../database/repositories/webhooks.ts";
import { newId } from "../text/id.ts";
import type { EventsNeeds } from "./needs.ts";
import type { Exchange } from "./webhook-sender.ts";

/** The time that attempts wait before they are written, and the number that may wait. */
const pauseMs = 500;
const maxWaitingAttempts = 200;

export interface WebhookAttempt {
  readonly event: Pick<EventRow, "id" | "account_id">;
  readonly endpointId: string | null;
  readonly attempt: number;
  readonly exchange: Exchange;
}

/**
 * Logs the result of each attempt to deliver a webhook, many in one transaction. The log is for people to read, and a
 * crash may lose its last lines.
 */
export class AttemptLog {
  readonly #services: Pick<EventsNeeds, "database" | "logger" | "now">;
  #waiting: WebhookAttemptRow[] = [];
  #timer: NodeJS.Timeout | undefined;
  #writing: Promise<void> = Promise.resolve();

  constructor(services: Pick<EventsNeeds, "database" | "logger" | "now">) {
    this.#services = services;
  }

  add({ event, endpointId, attempt, exchange }: WebhookAttempt): void {
    const now = this.#services.now();
    this.#waiting.push({
      id: newId(now),
      account_id: event.account_id,
      event_id: event.id,
      endpoint_id: endpointId,
      attempt,
      status: exchange.status,
      error: exchange.error,
      excerpt: exchange.excerpt,
      duration_ms: exchange.durationMs,
      created_at: now,
    });
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

  async #write(attempts: readonly WebhookAttemptRow[]): Promise<void> {
    try {
      await this.#services.database.run("logWebhookAttempts", { attempts });
    } catch (err) {
      this.#services.logger.warn(
        { err, attempts: attempts.length },
        "attempts to deliver webhooks could not be recorded",
      );
    }
  }
}
