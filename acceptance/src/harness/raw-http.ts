import { once } from "node:events";
import { connect, type Socket } from "node:net";

export interface RawAnswer {
  readonly status: number;
  /** Header values by lower-case name. The last one wins where a header is repeated. */
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
}

/**
 * A TCP client that does what no HTTP library lets a test do: it writes any bytes, and it reads nothing until the test
 * says so.
 */
export class RawConnection {
  readonly #socket: Socket;
  #received = Buffer.alloc(0);
  #ended = false;
  #error: Error | undefined;

  private constructor(socket: Socket) {
    this.#socket = socket;
    // The next read or write reports this. The end can come between two reads, even while the socket is paused.
    socket.on("error", (error) => {
      this.#error ??= error;
    });
    socket.on("end", () => {
      this.#ended = true;
    });
  }

  /** @param from the client's address, one of 127.0.0.0/8 */
  static async open(url: string, from?: string): Promise<RawConnection> {
    const { hostname, port } = new URL(url);
    const localAddress = from === undefined ? {} : { localAddress: from };
    const socket = connect({ host: hostname, port: Number(port), noDelay: true, ...localAddress });
    socket.pause();
    await once(socket, "connect");
    return new RawConnection(socket);
  }

  /** Resolves when the operating system has taken the bytes over. */
  async write(bytes: string | Uint8Array): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    this.#socket.write(bytes, (error) => (error ? reject(error) : resolve()));
    await promise;
  }

  /** Announces that nothing more will be written. */
  end(): void {
    this.#socket.end();
  }

  destroy(): void {
    this.#socket.destroy();
  }

  /** Reads up to the end of the next answer. An interim answer (1xx) counts as one. */
  async readAnswer(): Promise<RawAnswer> {
    return this.#readUntil(() => this.#takeAnswer());
  }

  /** Resolves when the server has ended the connection properly; a reset is an error. */
  async readEnd(): Promise<void> {
    await this.#readUntil(() => (this.#ended ? true : undefined));
  }

  async #readUntil<Value>(look: () => Value | undefined): Promise<Value> {
    const { promise, resolve, reject } = Promise.withResolvers<Value>();
    let found = false;
    const check = (): void => {
      // More bytes may arrive before the socket is paused again. They are left for the next read.
      const value = found ? undefined : look();
      if (value !== undefined) {
        found = true;
        resolve(value);
      } else if (found) return;
      else if (this.#error !== undefined) reject(this.#error);
      else if (this.#ended) reject(new Error(`the connection ended after: ${this.#received.toString("latin1")}`));
    };
    const onData = (chunk: Buffer): void => {
      this.#received = Buffer.concat([this.#received, chunk]);
      check();
    };
    this.#socket.on("data", onData).on("end", check).on("error", check);
    check();
    this.#socket.resume();
    try {
      return await promise;
    } finally {
      this.#socket.pause().off("data", onData).off("end", check).off("error", check);
    }
  }

  #takeAnswer(): RawAnswer | undefined {
    const text = this.#received.toString("latin1");
    const headEnd = text.indexOf("\r\n\r\n");
    if (headEnd === -1) return undefined;
    const [statusLine = "", ...lines] = text.slice(0, headEnd).split("\r\n");
    const status = Number(/^HTTP\/1\.1 (\d{3})/.exec(statusLine)?.[1]);
    const headers = Object.fromEntries(
      lines.map((line) => {
        const colon = line.indexOf(":");
        return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
      }),
    );
    const end = headEnd + 4 + Number(headers["content-length"] ?? 0);
    if (this.#received.length < end) return undefined;
    const body = this.#received.subarray(headEnd + 4, end).toString("utf8");
    this.#received = this.#received.subarray(end);
    return { status, headers, text: body };
  }
}

/** Writes one request and reads its one answer. */
export async function exchange(url: string, request: string | Uint8Array): Promise<RawAnswer> {
  const connection = await RawConnection.open(url);
  try {
    await connection.write(request);
    return await connection.readAnswer();
  } finally {
    connection.destroy();
  }
}
