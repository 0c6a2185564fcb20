import { writeSync, write as writeToFile } from "node:fs";
import type { DestinationStream } from "pino";

export interface BufferedLinesOptions {
  /** So many bytes are written at once. Fewer are written after `flushMs`. */
  readonly enoughBytes: number;
  /** The largest piece that is written, unless a line alone is longer. */
  readonly maxPieceBytes: number;
  readonly flushMs: number;
}

/** A reader that takes nothing is asked again after this time. */
const busyMs = 50;
/** The time that the process's end waits for a reader that takes nothing. */
const maxEndMs = 1000;

/**
 * Gathers lines and writes them in pieces, which end with a line's end. Nothing that happens to the output stops the
 * process: when nobody reads a pipe any more, lines are dropped, and a piece that a full disk does not take is lost.
 */
export class BufferedLines implements DestinationStream {
  readonly #fd: number;
  readonly #options: BufferedLinesOptions;
  #pieces: string[] = [];
  #lastPieceBytes = 0;
  #bytes = 0;
  #isWriting = false;
  /** The bytes that the reader of a full pipe has not taken yet. */
  #refused: { readonly bytes: Uint8Array; readonly timer: NodeJS.Timeout } | undefined;
  /** Whether the other end of the pipe is gone. */
  #isBroken = false;

  constructor(fd: number, options: BufferedLinesOptions) {
    this.#fd = fd;
    this.#options = options;
    setInterval(() => this.#start(), options.flushMs).unref();
  }

  write(line: string): void {
    if (this.#isBroken) return;
    const bytes = Buffer.byteLength(line);
    const last = this.#pieces.length - 1;
    if (last >= 0 && this.#lastPieceBytes + bytes <= this.#options.maxPieceBytes) {
      this.#pieces[last] += line;
      this.#lastPieceBytes += bytes;
    } else {
      this.#pieces.push(line);
      this.#lastPieceBytes = bytes;
    }
    this.#bytes += bytes;
    if (this.#bytes >= this.#options.enoughBytes) this.#start();
  }

  /** Writes what is there before it returns, except a piece that is being written at the moment. */
  flushSync(): void {
    const endsAt = performance.now() + maxEndMs;
    for (const piece of [...this.#takeRefused(), ...this.#takeAll().map((text) => Buffer.from(text))]) {
      let rest: Uint8Array = piece;
      while (rest.length > 0) {
        try {
          rest = rest.subarray(writeSync(this.#fd, rest));
        } catch (error) {
          if ((error as NodeJS.ErrnoException).code !== "EAGAIN" || performance.now() > endsAt) return;
          Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, busyMs);
        }
      }
    }
  }

  #start(): void {
    if (this.#isWriting || this.#pieces.length === 0) return;
    this.#isWriting = true;
    this.#next();
  }

  #next(): void {
    const piece = this.#pieces.shift();
    if (piece === undefined) {
      this.#isWriting = false;
      return;
    }
    const bytes = Buffer.from(piece);
    this.#bytes -= bytes.length;
    if (this.#pieces.length === 0) this.#lastPieceBytes = 0;
    this.#write(bytes);
  }

  #write(bytes: Uint8Array): void {
    writeToFile(this.#fd, bytes, (error, written) => {
      if (error === null) {
        if (written < bytes.length) this.#write(bytes.subarray(written));
        else this.#next();
      } else if (error.code === "EAGAIN") {
        this.#writeLater(bytes);
      } else if (error.code === "EPIPE") {
        this.#isBroken = true;
        this.#isWriting = false;
        this.#takeAll();
      } else {
        this.#next();
      }
    });
  }

  /** Asks the reader again, unless the process ends before. */
  #writeLater(bytes: Uint8Array): void {
    const again = (): void => {
      this.#refused = undefined;
      this.#write(bytes);
    };
    this.#refused = { bytes, timer: setTimeout(again, busyMs).unref() };
  }

  #takeRefused(): Uint8Array[] {
    if (this.#refused === undefined) return [];
    const { bytes, timer } = this.#refused;
    clearTimeout(timer);
    this.#refused = undefined;
    this.#isWriting = false;
    return [bytes];
  }

  #takeAll(): string[] {
    const pieces = this.#pieces;
    this.#pieces = [];
    this.#bytes = 0;
    this.#lastPieceBytes = 0;
    return pieces;
  }
}
