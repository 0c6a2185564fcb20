import { once } from "node:events";
import { Worker } from "node:worker_threads";
import { pageThread } from "../index.ts";
import type { PageFacts, PagePixels, PageReply, PageTask } from "../page-task.ts";

const standard = { maxMemoryBytes: 64 * 1024 * 1024 };

/** Does a task in a thread as the server does, and without the server's limit on its time. */
export async function runPage(task: Pick<PageTask, "kind" | "bytes"> & Partial<PageTask>): Promise<PageReply> {
  const thread = startPage(task);
  try {
    const [reply] = await once(thread, "message");
    return reply;
  } finally {
    await thread.terminate();
  }
}

export function startPage(task: Pick<PageTask, "kind" | "bytes"> & Partial<PageTask>): Worker {
  const workerData = { ...standard, ...task };
  return new Worker(pageThread, { workerData, env: {}, execArgv: [], stdout: true, stderr: true });
}

export async function measured(task: Parameters<typeof runPage>[0]): Promise<PageFacts> {
  const reply = await runPage(task);
  if (!("facts" in reply)) throw new Error(`Not measured: ${JSON.stringify(reply)}`);
  return reply.facts;
}

/** The pixels of a page, each by its place. */
export async function drawn(
  task: Parameters<typeof runPage>[0] & Required<Pick<PageTask, "size">>,
): Promise<PagePixels & { readonly at: (x: number, y: number) => readonly number[] }> {
  const reply = await runPage(task);
  if (!("pixels" in reply)) throw new Error(`Not drawn: ${JSON.stringify(reply)}`);
  const { pixels } = reply;
  const { data, width, channels } = pixels;
  const at = (x: number, y: number) => [...data.subarray((y * width + x) * channels, (y * width + x + 1) * channels)];
  return { ...pixels, at };
}
