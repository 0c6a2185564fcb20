import { inspect } from "node:util";
import { type MessagePort, receiveMessageOnPort } from "node:worker_threads";
import type { Connection, Transactions } from "../database.ts";
import { createCommitGroup, type Task, type TaskResult } from "./commit-group.ts";
import { type DoLate, type LatePart, LateWork } from "./late-work.ts";
import { LogReserve } from "./log-reserve.ts";
import { openForWriting } from "./open.ts";
import { sqliteConnection } from "./sqlite-connection.ts";

/** The data that the writer is started with. */
export interface WriterData {
  readonly path: string;
  /** URL of the module that exports the scripts, and `lateWork` if there is any. */
  readonly transactionsUrl: string;
  /** Whether the thread does late work. */
  readonly late: boolean;
  /** The size of the reserve that the thread keeps on the disk; 0 if it keeps none. */
  readonly reserveBytes: number;
}

export type WriterRequest = { readonly tasks: readonly Task[] } | { readonly close: true };
export type WriterReply =
  | { readonly results: readonly TaskResult[] }
  | { readonly ready: true }
  | { readonly lateFailure: string };

/** The reserve is looked at after this time, and again so soon as long as it has to be filled. */
const reserveMs = { idle: 5000, filling: 50 } as const;

/** Bounds how long the first waiting task is held up by those that came with it. */
const maxGroupSize = 256;

/** Writes what the port asks for, until it asks for the end. Then it closes the port. */
export async function runWriter(
  port: MessagePort,
  { path, transactionsUrl, late: worksLate, reserveBytes }: WriterData,
): Promise<void> {
  const scripts = (await import(transactionsUrl)) as Transactions & {
    readonly lateWork?: (connection: Connection, part: LatePart) => ReturnType<DoLate>;
  };
  const { lateWork } = scripts;
  const database = openForWriting(path);
  const connection = sqliteConnection(database);
  const reserve = new LogReserve(path, reserveBytes);
  const tellFailure = (error: unknown) => port.postMessage({ lateFailure: inspect(error) } satisfies WriterReply);
  const late =
    worksLate && lateWork !== undefined
      ? new LateWork(database, (part) => lateWork(connection, part), tellFailure)
      : undefined;
  const doLate = late && ((tasks: number) => late.catchUp(tasks));
  const commitGroup = createCommitGroup({ database, connection, transactions: scripts, reserve, doLate });

  const waiting: Task[] = [];
  let busy = false;
  let closing = false;

  port.on("message", (request: WriterRequest) => {
    take(request);
    if (!busy) void drain();
  });
  port.postMessage({ ready: true } satisfies WriterReply);
  let filling = setTimeout(fill, reserveMs.idle).unref();

  /** Fills the reserve while the thread rests. Other processes use the reserve as well, so it is looked at for ever. */
  function fill(): void {
    filling = setTimeout(fill, reserve.fill() ? reserveMs.filling : reserveMs.idle).unref();
  }

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
    }
    busy = false;
    if (!closing) late?.resume();
    else {
      clearTimeout(filling);
      await connection.destroy();
      port.close();
    }
  }
}
