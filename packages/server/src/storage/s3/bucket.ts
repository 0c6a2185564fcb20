import { S3Client, type S3ClientConfig } from "@aws-sdk/client-s3";
import type { StorageLocation } from "../../config/storage-url.ts";
import { type Meaning, toS3StorageError } from "./s3-error.ts";
import type { S3Limits } from "./s3-limits.ts";

/** The work was not done in time. */
class DeadlineError extends Error {
  override readonly name = "TimeoutError";
}

/**
 * Runs the work with a signal that aborts at the deadline or with the caller's own signal. Once the work is done, the
 * signal stays as it is, because the work's result, perhaps a stream, lives on.
 * @throws DeadlineError, or the caller's reason, whatever error the work itself ended with
 */
async function withDeadline<Result>(
  milliseconds: number,
  signal: AbortSignal | undefined,
  work: (signal: AbortSignal) => Promise<Result>,
): Promise<Result> {
  signal?.throwIfAborted();
  const controller = new AbortController();
  const follow = (): void => controller.abort(signal?.reason);
  const timer = setTimeout(
    () => controller.abort(new DeadlineError(`no answer within ${milliseconds} ms`)),
    milliseconds,
  );
  signal?.addEventListener("abort", follow);
  try {
    return await work(controller.signal);
  } catch (error) {
    throw controller.signal.aborted ? controller.signal.reason : error;
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener("abort", follow);
  }
}

/** A signal that follows another signal after a while, so that current work can come to its end. */
export function lingering(signal: AbortSignal | undefined, milliseconds: number): Disposable & { signal: AbortSignal } {
  const controller = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const follow = (): void => {
    timer = setTimeout(() => controller.abort(signal?.reason), milliseconds);
  };
  if (signal?.aborted) follow();
  else signal?.addEventListener("abort", follow, { once: true });
  return {
    signal: controller.signal,
    [Symbol.dispose]() {
      clearTimeout(timer);
      signal?.removeEventListener("abort", follow);
    },
  };
}

interface Request {
  /** Names the action in errors: "read blob …". */
  readonly action: string;
  readonly signal?: AbortSignal | undefined;
  /** `short`: a request without content. `long`: a request with a part of a blob. `glance`: a quick look. */
  readonly kind?: "short" | "long" | "glance";
  /** The meaning of a status, or of a refusal's name, for this request. */
  readonly meaning?: Meaning;
}

/** Options that are passed with a command when it is sent. */
interface SendOptions {
  readonly abortSignal: AbortSignal;
  readonly requestTimeout: number;
}

/**
 * A bucket with its clients. Every request is bounded in time, retried a few times, and fails with this store's errors.
 */
export class Bucket {
  readonly name: string;
  /** The option that names the bucket, for messages. */
  readonly option: string;
  readonly limits: S3Limits;
  readonly client: S3Client;
  /**
   * A separate client for content, so that no short request waits for a connection while content is on its way over a
   * slow line to the bucket.
   */
  readonly writeClient: S3Client;
  /** A separate client for readers, because its connections are held for as long as a reader takes. */
  readonly readClient: S3Client;
  readonly #where: string;

  constructor(location: StorageLocation, limits: S3Limits, credentials: S3ClientConfig["credentials"]) {
    const { option, bucket, endpoint, region, forcePathStyle } = location;
    this.name = bucket;
    this.option = option;
    this.limits = limits;
    this.#where = endpoint === undefined ? bucket : `${bucket} at ${endpoint}`;
    const makeClient = (sockets: number, idleMs: number): S3Client =>
      new S3Client({
        ...(endpoint !== undefined && { endpoint }),
        ...(region !== undefined && { region }),
        ...(credentials !== undefined && { credentials }),
        forcePathStyle,
        maxAttempts: limits.attempts,
        retryMode: "standard",
        // Many services don't know the newer checksums. The content's SHA-256 is part of each signature anyway.
        requestChecksumCalculation: "WHEN_REQUIRED",
        responseChecksumValidation: "WHEN_REQUIRED",
        requestHandler: {
          connectionTimeout: limits.connectMs,
          socketTimeout: idleMs,
          throwOnRequestTimeout: true,
          httpAgent: { keepAlive: true, maxSockets: sockets },
          httpsAgent: { keepAlive: true, maxSockets: sockets },
        },
      });
    this.client = makeClient(limits.sockets, limits.idleMs);
    this.writeClient = makeClient(limits.writeSockets, limits.idleMs);
    // A slow reader leaves its connection idle, which is not a fault. The stream itself detects faults.
    this.readClient = makeClient(limits.readSockets, 0);
  }

  /** @throws StorageError, or the signal's reason */
  async request<Result>(
    { action, signal, kind = "short", meaning }: Request,
    send: (options: SendOptions) => Promise<Result>,
  ): Promise<Result> {
    const { requestTimeout, totalMs } = this.#times(kind);
    try {
      return await withDeadline(totalMs, signal, (abortSignal) => send({ abortSignal, requestTimeout }));
    } catch (error) {
      if (signal?.aborted) throw signal.reason;
      throw toS3StorageError(error, `${action} in bucket ${this.#where}`, meaning);
    }
  }

  close(): void {
    this.client.destroy();
    this.writeClient.destroy();
    this.readClient.destroy();
  }

  #times(kind: NonNullable<Request["kind"]>): { requestTimeout: number; totalMs: number } {
    const { shortMs, shortTotalMs, longMs, longTotalMs, glanceMs } = this.limits;
    return {
      short: { requestTimeout: shortMs, totalMs: shortTotalMs },
      long: { requestTimeout: longMs, totalMs: longTotalMs },
      glance: { requestTimeout: glanceMs, totalMs: glanceMs },
    }[kind];
  }
}
