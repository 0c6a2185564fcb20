import { SluiceError } from "@sluice/protocol";
import type { FastifyReply } from "fastify";
import type { RateLimit } from "../../config/rate-limit.ts";

/** The requests that an account has sent in its current interval. */
interface Interval {
  readonly endsAt: number;
  count: number;
}

/**
 * Counts the requests of each account in intervals that begin with a first request. It belongs to one process: several
 * processes share the limit's number between them, and several nodes don't know of each other.
 */
export class RequestCounts {
  readonly #limit: RateLimit;
  readonly #intervals = new Map<string, Interval>();

  constructor(limit: RateLimit) {
    this.#limit = limit;
  }

  /** @returns how many milliseconds the account has to wait; undefined where the request may go on */
  take(accountId: string, now: number): number | undefined {
    let interval = this.#intervals.get(accountId);
    const isOver = interval === undefined || now >= interval.endsAt || now < interval.endsAt - this.#limit.intervalMs;
    if (interval === undefined || isOver) {
      interval = { endsAt: now + this.#limit.intervalMs, count: 0 };
      this.#intervals.set(accountId, interval);
    }
    if (interval.count >= this.#limit.requests) return interval.endsAt - now;
    interval.count += 1;
    return undefined;
  }

  /**
   * Counts a request, or refuses it. The headers of the refusal are the vendor's, which SDK v6 shows to its caller, and
   * those by which SDK v7 waits (docs/protocol/media-api.md §1).
   * @throws SluiceError RATE_LIMIT_EXCEEDED
   */
  admit(accountId: string, reply: FastifyReply, now: number): void {
    const waitMs = this.take(accountId, now);
    if (waitMs === undefined) return;
    const { requests, intervalMs } = this.#limit;
    reply.headers({
      "x-ratelimit-limit": requests,
      "x-ratelimit-reset": waitMs,
      "x-ratelimit-interval": intervalMs,
      "retry-after-ms": waitMs,
      "retry-after": Math.ceil(waitMs / 1000),
    });
    throw new SluiceError("RATE_LIMIT_EXCEEDED", { limit: requests, seconds: intervalMs / 1000 });
  }
}
