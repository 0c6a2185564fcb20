import { errnoOf } from "../storage/storage-error.ts";

/** The calls that one process may make to another: a name, plain data in, plain data out. */
export type Calls = Readonly<Record<string, (input: never) => Promise<unknown>>>;

/** One end of a channel between two processes: a `ChildProcess`, the child's own `process`, or a `FramedPort`. */
export interface Port {
  send?(message: object, callback: (error: Error | null) => void): unknown;
  on(event: "message", listener: (message: unknown) => void): unknown;
  on(event: "disconnect", listener: () => void): unknown;
}

type Message =
  | { readonly call: string; readonly id: number; readonly input: unknown }
  | { readonly answer: number; readonly output: unknown }
  | { readonly answer: number; readonly problem: Problem };

interface Problem {
  readonly message: string;
  /** The code is set for an error that a system call raised. */
  readonly code?: string;
  readonly syscall?: string;
}

interface Pending {
  resolve(output: unknown): void;
  reject(error: Error): void;
}

/** Calls between two processes, in both directions. */
export class Peer<Theirs extends Calls> {
  readonly #port: Port;
  readonly #pending = new Map<number, Pending>();
  #lastId = 0;
  #gone = false;

  constructor(port: Port, ours: Calls) {
    this.#port = port;
    port.on("message", (message) => this.#receive(message, ours));
    port.on("disconnect", () => this.#end());
  }

  /**
   * Rejects with what the other process threw, or when the other process is gone. In that case it is unknown whether
   * the call was carried out.
   */
  call<Name extends keyof Theirs & string>(
    name: Name,
    input: Parameters<Theirs[Name]>[0],
  ): Promise<Awaited<ReturnType<Theirs[Name]>>> {
    if (this.#gone) return Promise.reject(gone());
    const id = ++this.#lastId;
    const { promise, resolve, reject } = Promise.withResolvers<unknown>();
    this.#pending.set(id, { resolve, reject });
    try {
      this.#send({ call: name, id, input });
    } catch (error) {
      // Not everything can be sent.
      this.#pending.delete(id);
      reject(error);
    }
    return promise as never;
  }

  #receive(given: unknown, ours: Calls): void {
    // The other process may run what a stranger made of it.
    if (typeof given !== "object" || given === null) return;
    const message = given as Message;
    if ("call" in message) {
      // Whatever else stood there would be made text, or be sent back, at any size.
      if (typeof message.call === "string" && Number.isSafeInteger(message.id)) void this.#answer(message, ours);
    } else {
      const pending = this.#pending.get(message.answer);
      this.#pending.delete(message.answer);
      if ("problem" in message) pending?.reject(toError(message.problem));
      else pending?.resolve(message.output);
    }
  }

  async #answer({ call, id, input }: Extract<Message, { call: string }>, ours: Calls): Promise<void> {
    try {
      const method = Object.hasOwn(ours, call) ? ours[call] : undefined;
      if (method === undefined) throw new Error(`no call is named ${call}`);
      this.#send({ answer: id, output: await method(input as never) });
    } catch (error) {
      this.#send({ answer: id, problem: toProblem(error) });
    }
  }

  #send(message: Message): void {
    // Without a callback, a channel that breaks just now would raise an error event of the whole process.
    this.#port.send?.(message, (error) => {
      if (error !== null) this.#end();
    });
  }

  #end(): void {
    this.#gone = true;
    for (const { reject } of this.#pending.values()) reject(gone());
    this.#pending.clear();
  }
}

function gone(): Error {
  return new Error("the other process is gone");
}

function toProblem(error: unknown): Problem {
  const message = (error instanceof Error ? error.message : String(error)).slice(0, maxMessage);
  const code = errnoOf(error);
  return code === undefined
    ? { message }
    : { message, code, syscall: String((error as { syscall?: unknown }).syscall) };
}

function toError(problem: unknown): Error {
  const { message, code, syscall } = Object(problem) as Partial<Problem>;
  const error = new Error(typeof message === "string" ? message.slice(0, maxMessage) : "the other process failed");
  return typeof code === "string" ? Object.assign(error, { code, syscall }) : error;
}

const maxMessage = 2000;
