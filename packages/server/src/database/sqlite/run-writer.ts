import { inspect } from "node:util";
import { type MessagePort, receiveMessageOnPort } from "node:worker_threads";
import type { Connection, Transactions } from "../database.ts";
import { createCommitGroup, type Task, type TaskResult } from "./commit-group.ts";
import { type DoLate, type LatePart, LateWork } from "./late-work.ts";
import { openForWriting } from "./open.ts";
import { sqliteConnection } from "./sqlite-connection.ts";

/** The data that the writer is started with. */
export interface WriterData {
  readonly path: string;
  /** URL of the module that exports `transactions`, and `lateWork` if there is any. */
  readonly transactionsUrl: string;
  /** Whether the thread does late work. */
  readonly late: boolean;
}

export type WriterRequest = { readonly tasks: readonly Task[] } | { readonly close: true };
export type WriterReply =
  | { readonly results: readonly TaskResult[] }
  | { readonly ready: true }
  | { readonly lateFailure: string };

/** Bounds how long the first waiting task is held up by those that came with it. */
const maxGroupSize = 256;

/** Writes what the port asks for, until it asks for the end. Then it closes the port. */
export async function runWriter(
  port: MessagePort,
  { path, transactionsUrl, late: worksLate }: WriterData,
): Promise<void> {
  const { transactions, lateWork } = (await import(transactionsUrl)) as {
    transactions: Transactions;
    lateWork?: (connection: Connection, part: LatePart) => ReturnType<DoLate>;
  };
  const database = openForWriting(path);
  const connection = sqliteConnection(database);
  const commitGroup = createCommitGroup(database, connection, transactions);

  const tellFailure = (error: unknown) => port.postMessage({ lateFailure: inspect(error) } satisfies WriterReply);
  const late =
    worksLate && lateWork !== undefined
      ? new LateWork(database, (part) => lateWork(connection, part), tellFailure)
      : undefined;

  const waiting: Task[] = [];
  let busy = false;
  let closing = false;

  port.on("message", (request: WriterRequest) => {
    take(request);
    if (!busy) void drain();
  });
  port.postMessage({ ready: true } satisfies WriterReply);

  function take(request: WriterRequest): void {
    if ("close" in request) closing = true;
    else waiting.push(...request.tasks);
  }

  async function drain(): Promise<void> {
    busy = true;
    late?.pause();
    while (waiting.length > 0) {
      // Whatever has come in by now shares the next COMMIT.
      for (let next = receiveMessageOnPort(port); next !== undefined; next = receiveMessageOnPort(port)) {
        take(next.message);
      }
      const group = waiting.splice(0, maxGroupSize);
      const results = await commitGroup(group);
      port.postMessage({ results } satisfies WriterReply);
      await late?.catchUp(group.length);
    }
    busy = false;
    if (!closing) late?.resume();
    else {
      await connection.destroy();
      port.close();
    }
  }
}
