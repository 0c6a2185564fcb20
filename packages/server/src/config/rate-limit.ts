import { ConfigError } from "./config-error.ts";

/** An account may send so many requests in so much time. */
export interface RateLimit {
  readonly requests: number;
  readonly intervalMs: number;
}

/** Parses `<requests>/<seconds>`; `off` is no limit. @throws ConfigError */
export function parseRateLimit(text: string): RateLimit | undefined {
  if (text === "off") return undefined;
  const [, requests, seconds] = /^(\d{1,9})\/(\d{1,5})$/.exec(text) ?? [];
  if (requests === undefined || Number(requests) < 1 || Number(seconds) < 1) {
    throw new ConfigError("--api-rate-limit must be a number of requests and of seconds, such as 600/60, or off");
  }
  return { requests: Number(requests), intervalMs: Number(seconds) * 1000 };
}

/**
 * The part of the limit that each of several processes allows. The parts are rounded up, so that none of the processes
 * refuses everything.
 */
export function shareRateLimit(limit: RateLimit | undefined, processes: number): RateLimit | undefined {
  return limit && Object.freeze({ ...limit, requests: Math.ceil(limit.requests / processes) });
}
