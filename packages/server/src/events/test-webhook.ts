import { SluiceError } from "@sluice/protocol";
import type { WebhookAttemptDetails } from "@sluice/protocol/schemas";
import type { Database } from "../database/database.ts";
import { listAttemptTimes } from "../database/repositories/webhooks.ts";
import { outboundRules } from "../network/outbound-rules.ts";
import { rowsOfAttempt } from "./attempt-log.ts";
import type { EventsDeps } from "./deps.ts";
import { newEventId } from "./event-id.ts";
import { logWebhookTest } from "./event-transactions.ts";
import { findEndpoint } from "./manage-webhooks.ts";
import { attemptDetails } from "./read-attempts.ts";
import { secretsOf } from "./webhook-secret.ts";
import { WebhookSender } from "./webhook-sender.ts";

/** Somebody waits for the answer, so a test takes less long than a delivery. */
const testMs = 10_000;
/** The number of tests that one process runs at a time, of all accounts. */
const maxTests = 16;

export interface WebhookTestDeps extends Pick<EventsDeps, "config" | "now"> {
  readonly database: Database;
}

/** The number of tests of one account in a span of time, on all nodes. Each leaves rows until its event is deleted. */
export const maxTestsPerSpan = 10;
const testSpanMs = 60_000;

export class TooManyWebhookTests extends SluiceError<"TOO_MANY_WEBHOOK_TESTS"> {
  readonly seconds: number;

  constructor(waitMs: number) {
    const seconds = Math.max(1, Math.ceil(waitMs / 1000));
    super("TOO_MANY_WEBHOOK_TESTS", { limit: maxTestsPerSpan, span: testSpanMs / 1000, seconds });
    this.seconds = seconds;
  }
}

/** The type of the event that a test sends. Endpoints are told of no other event of this type. */
const testEventType = "webhook.test";

/** The event that a test sends, with its body. */
export function newTestEvent(now: number): { readonly id: string; readonly payload: string } {
  const id = newEventId(now);
  const body = { id, type: testEventType, created_at: new Date(now).toISOString(), data: {} };
  return { id, payload: JSON.stringify(body) };
}

/** Sends tests to endpoints, as deliveries are sent: signed, and only to addresses to which the server may connect. */
export class WebhookTests {
  readonly #deps: WebhookTestDeps;
  readonly #running = new Set<string>();
  #sender: WebhookSender | undefined;

  constructor(deps: WebhookTestDeps) {
    this.#deps = deps;
  }

  /** @throws SluiceError WEBHOOK_ENDPOINT_NOT_FOUND, WEBHOOK_TEST_RUNNING, TOO_MANY_WEBHOOK_TESTS; the signal's reason */
  async run(accountId: string, id: string, signal: AbortSignal): Promise<WebhookAttemptDetails> {
    const { database, config, now } = this.#deps;
    const endpoint = await findEndpoint(this.#deps, { accountId }, id);
    if (this.#running.has(accountId) || this.#running.size >= maxTests) throw new SluiceError("WEBHOOK_TEST_RUNNING");
    this.#running.add(accountId);
    try {
      await this.#assertFewTests(accountId);
      const { url } = endpoint;
      const test = newTestEvent(now());
      this.#sender ??= new WebhookSender(outboundRules(config), now, testMs);
      const secrets = secretsOf(endpoint, now());
      const answered = await this.#sender.send({ url, ...test, secrets }, signal);
      const event = { ...test, account_id: accountId, type: testEventType, url: null };
      const { attempt, exchange } = rowsOfAttempt({ event, endpointId: id, url, attempt: 1, exchange: answered });
      await database.run(logWebhookTest, { event, attempt, exchange });
      return attemptDetails({ ...attempt, type: testEventType, payload: test.payload }, exchange);
    } finally {
      this.#running.delete(accountId);
    }
  }

  async #assertFewTests(accountId: string): Promise<void> {
    const { database, now } = this.#deps;
    const since = now() - testSpanMs;
    const times = await listAttemptTimes(database.reader, accountId, { type: testEventType, since });
    const earliest = times[maxTestsPerSpan - 1];
    if (earliest !== undefined) throw new TooManyWebhookTests(earliest - since);
  }

  async close(): Promise<void> {
    await this.#sender?.close();
  }
}
