import { Readable } from "node:stream";
import { StorageError } from "../storage-error.ts";
import { toS3StorageError } from "./s3-error.ts";

export interface BlobStreamOptions {
  /** Number of bytes that the service has announced. */
  readonly length: number;
  /** Maximum time without a byte while a reader waits for one. The time that a slow reader takes doesn't count. */
  readonly idleMs: number;
  /** Names the action in errors: "read blob …". */
  readonly action: string;
  readonly signal: AbortSignal | undefined;
}

/**
 * An answer's body with back-pressure, bounded waiting and this store's errors. A body that is cut short ends with an
 * error, never as if it were complete. Destroying the stream ends the connection.
 */
export function blobStream(body: Readable, { length, idleMs, action, signal }: BlobStreamOptions): Readable {
  const fail = (problem: string): void => {
    stream.destroy(new StorageError("STORAGE_FAILED", `Can't ${action}: ${problem}`));
  };
  let received = 0;
  let timer: NodeJS.Timeout | undefined;
  const stream = new Readable({
    read() {
      timer ??= setTimeout(() => fail(`nothing came for ${idleMs} ms`), idleMs);
      body.resume();
    },
    destroy(error, done) {
      clearTimeout(timer);
      body.destroy();
      done(error);
    },
    ...(signal && { signal }),
  });
  body.pause();
  body.on("data", (chunk: Buffer) => {
    received += chunk.length;
    if (stream.push(chunk)) {
      timer?.refresh();
    } else {
      clearTimeout(timer);
      timer = undefined;
      body.pause();
    }
  });
  body.once("end", () => {
    clearTimeout(timer);
    if (received === length) stream.push(null);
    else fail(`${received} bytes of ${length} came`);
  });
  body.on("error", (error) => stream.destroy(toS3StorageError(error, action)));
  body.once("close", () => {
    if (!body.readableEnded) fail("the connection broke off");
  });
  return stream;
}
