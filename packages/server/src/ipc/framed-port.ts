import type { Duplex } from "node:stream";
import type { MessageFormat } from "./message-formats.ts";
import type { Port } from "./peer.ts";

export interface FramedPortOptions {
  readonly writes: MessageFormat;
  readonly reads: MessageFormat;
  /** The bounds of one frame that is read. */
  readonly bounds: { readonly headBytes: number; readonly bytes: number };
  /** Called once, when the other process has sent what no message is. Nothing is read after that. */
  readonly onViolation: (error: Error) => void;
}

type Part = "sizes" | "head" | "bytes";

const sizesBytes = 8;

/**
 * A channel of frames over a pipe. Each frame has the sizes of a message and of the raw bytes that it carries, as two
 * numbers of 32 bits, and then both. Node's own channel between processes trusts both of them: it parses what it gets
 * by native code, without a bound, and takes commands from the other process.
 */
export class FramedPort implements Port {
  readonly #stream: Duplex;
  readonly #options: FramedPortOptions;
  readonly #listeners: ((message: unknown) => void)[] = [];
  readonly #leaving: (() => void)[] = [];
  #isClosed = false;
  #isRefused = false;
  #allowed = Number.POSITIVE_INFINITY;
  /** The part of a frame that is being read, and how much of it is there. */
  #part: Part = "sizes";
  #buffer: Buffer = Buffer.alloc(sizesBytes);
  #filled = 0;
  #head: Buffer = Buffer.alloc(0);
  #bytesSize = 0;

  constructor(stream: Duplex, options: FramedPortOptions) {
    this.#stream = stream;
    this.#options = options;
    stream.on("data", (piece: Buffer) => this.#receive(piece));
    // The stream closes after an error.
    stream.on("error", () => undefined);
    for (const event of ["end", "close"] as const) stream.on(event, () => this.#close());
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  /** Lets the other process send so many messages from now on. One more is a violation. */
  allow(messages: number): void {
    this.#allowed = messages;
  }

  send(message: object, callback: (error: Error | null) => void): void {
    const { head, bytes } = this.#options.writes.pack(message);
    const sizes = Buffer.alloc(sizesBytes);
    sizes.writeUInt32LE(head.length, 0);
    sizes.writeUInt32LE(bytes.length, 4);
    const done = (error?: Error | null): void => {
      // A channel that can't be written to is closed, and its stream says so only later.
      if (error) this.#close();
      callback(error ?? null);
    };
    this.#stream.cork();
    this.#stream.write(sizes);
    this.#stream.write(head, bytes.length === 0 ? done : undefined);
    if (bytes.length > 0) this.#stream.write(bytes, done);
    this.#stream.uncork();
  }

  on(event: "message", listener: (message: unknown) => void): void;
  on(event: "disconnect", listener: () => void): void;
  on(event: "message" | "disconnect", listener: (message?: unknown) => void): void {
    (event === "message" ? this.#listeners : this.#leaving).push(listener);
  }

  #receive(piece: Buffer): void {
    try {
      for (let at = 0; at < piece.length && !this.#isRefused; ) {
        const copied = piece.copy(this.#buffer, this.#filled, at);
        at += copied;
        this.#filled += copied;
        while (this.#filled === this.#buffer.length && !this.#isRefused) this.#endPart();
      }
    } catch (error) {
      this.#refuse(error instanceof Error ? error : new Error(String(error)));
    }
  }

  #endPart(): void {
    switch (this.#part) {
      case "sizes": {
        const { bounds } = this.#options;
        const headBytes = this.#buffer.readUInt32LE(0);
        this.#bytesSize = this.#buffer.readUInt32LE(4);
        if (headBytes > bounds.headBytes || this.#bytesSize > bounds.bytes) throw new Error("a frame is too large");
        if (this.#allowed-- <= 0) throw new Error("there are too many messages");
        this.#begin("head", headBytes);
        break;
      }
      case "head":
        this.#head = this.#buffer;
        this.#begin("bytes", this.#bytesSize);
        break;
      case "bytes": {
        const message = this.#options.reads.unpack({ head: this.#head, bytes: this.#buffer });
        this.#begin("sizes", sizesBytes);
        for (const listener of this.#listeners) listener(message);
      }
    }
  }

  /** Memory that isn't set to zero is taken from the machine only when bytes have come. */
  #begin(part: Part, size: number): void {
    this.#part = part;
    this.#buffer = Buffer.allocUnsafeSlow(size);
    this.#filled = 0;
  }

  #refuse(error: Error): void {
    this.#isRefused = true;
    this.#options.onViolation(error);
    this.#stream.destroy();
  }

  #close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#stream.destroy();
    for (const listener of this.#leaving) listener();
  }
}
