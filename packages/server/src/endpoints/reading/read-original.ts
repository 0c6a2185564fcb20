import type { ByteBudget } from "../../concurrency/byte-budget.ts";
import { NoSlotError } from "../../concurrency/wait-for-slot.ts";
import type { OutboundRules } from "../../network/outbound-rules.ts";
import { RemoteError } from "../../network/remote-error.ts";
import { type RemoteResponse, remoteGet } from "../../network/remote-get.ts";
import type { OriginTarget } from "./origin-target.ts";

/** The reason why an origin's file can't be delivered. */
export type Absence = "missing" | "denied" | "unreachable" | "failed" | "too large";

export type ReadOriginal =
  | {
      readonly kind: "file";
      readonly bytes: Buffer;
      /** The `ETag` as the origin sent it, if it can be sent back. */
      readonly etag: string | undefined;
      readonly isPrivate: boolean;
    }
  | {
      readonly kind: "unchanged";
      /** Whether the file is private now; undefined where the origin doesn't say it again. */
      readonly isPrivate: boolean | undefined;
    }
  | { readonly kind: "absent"; readonly why: Absence };

export interface ReadOptions {
  readonly rules: OutboundRules;
  readonly limits: { readonly originBytes: number; readonly originMs: number; readonly remoteHeadersMs: number };
  /** The memory for all files that are being read. */
  readonly memory: Pick<ByteBudget, "take">;
  /** The time to wait for memory, in milliseconds. */
  readonly waitMs: number;
  readonly signal: AbortSignal;
  readonly now: () => number;
  /** The `ETag` of what is known already. */
  readonly etag?: string | undefined;
}

/** The time for which a body may make no progress. */
const stallMs = 10_000;

/**
 * The header that every request carries, so that a server that leads back here is found out (RFC 8586). A redirect
 * leads back as well.
 */
export const loopHeader = { name: "cdn-loop", value: "sluice" } as const;

const absent = (why: Absence): ReadOriginal => ({ kind: "absent", why });

/**
 * Reads a file from its origin, within limits on bytes, memory and time. Nothing of the client's request is sent on.
 * @throws NoSlotError where others hold the memory for too long; the signal's reason
 */
export async function readOriginal(target: OriginTarget, options: ReadOptions): Promise<ReadOriginal> {
  const first = await ask(target, options, undefined);
  // A bucket in another region names it. It is asked there once.
  return typeof first === "string" ? settled(await ask(target, options, first)) : first;
}

function settled(answer: ReadOriginal | string): ReadOriginal {
  return typeof answer === "string" ? absent("failed") : answer;
}

/** @returns the region in which the bucket has to be asked for, where it is another one */
async function ask(
  target: OriginTarget,
  options: ReadOptions,
  region: string | undefined,
): Promise<ReadOriginal | string> {
  const { rules, limits, signal, now, etag } = options;
  const times = { headersMs: limits.remoteHeadersMs, stallMs, totalMs: limits.originMs };
  const prepare = (url: URL, redirects: number) => ({
    [loopHeader.name]: loopHeader.value,
    ...(etag !== undefined && redirects === 0 && target.asksForChanges && { "if-none-match": etag }),
    ...target.headersFor(url, redirects),
  });
  const { maxRedirects } = target;
  try {
    return await remoteGet(
      target.urlOf(now(), region),
      { rules, ...times, signal, prepare, maxRedirects, anyStatus: true },
      (response) => receive(response, target, options),
    );
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof RemoteError) return absent("unreachable");
    throw error;
  }
}

async function receive(
  response: RemoteResponse,
  { privateHeader, maxRedirects }: OriginTarget,
  options: ReadOptions,
): Promise<ReadOriginal | string> {
  const { limits } = options;
  const { status, header, values, length } = response;
  const region = header("x-amz-bucket-region");
  if (maxRedirects === 0 && status >= 300 && status < 500 && region !== undefined && /^[a-z0-9-]{1,32}$/.test(region)) {
    if (status !== 403 && status !== 404) return region;
  }
  // One value is enough, so that a header that is sent twice opens nothing.
  const stated = values(privateHeader).flatMap((value) => value.split(","));
  const isPrivate = stated.some((value) => value.trim().toLowerCase() === "true");
  if (status === 304) return { kind: "unchanged", isPrivate: stated.length === 0 ? undefined : isPrivate };
  if (status !== 200) return absent(reasons[status] ?? "failed");
  if (length !== undefined && length > limits.originBytes) return absent("too large");
  const free = await takeMemory(length ?? limits.originBytes, options);
  try {
    const bytes = await collect(response.body, limits.originBytes);
    if (bytes === undefined) return absent("too large");
    return { kind: "file", bytes, etag: sendable(header("etag")), isPrivate };
  } finally {
    free();
  }
}

async function takeMemory(bytes: number, { memory, waitMs, signal }: ReadOptions): Promise<() => void> {
  const late = AbortSignal.timeout(waitMs);
  try {
    return await memory.take(bytes, AbortSignal.any([signal, late]));
  } catch (error) {
    signal.throwIfAborted();
    throw late.aborted ? new NoSlotError("late") : error;
  }
}

const reasons: Readonly<Record<number, Absence>> = { 401: "denied", 403: "denied", 404: "missing", 410: "missing" };

async function collect(body: AsyncIterable<Buffer>, maxBytes: number): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of body) {
    size += chunk.length;
    if (size > maxBytes) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, size);
}

/** An `ETag` of another form might end the header in which it is sent back. */
function sendable(etag: string | undefined): string | undefined {
  return etag !== undefined && /^(?:W\/)?"[\x21\x23-\x7e]{0,256}"$/.test(etag) ? etag : undefined;
}
