import { parentPort, workerData } from "node:worker_threads";
import { boundMemory } from "./bound-memory.ts";
import type { PageReply, PageTask } from "./page-task.ts";
import { readPdf } from "./pdf/read-pdf.ts";
import { readPsd } from "./psd/read-psd.ts";

/**
 * A worker thread that measures or draws one page and sends one message. It reads its task and an installed package,
 * and nothing else. Whoever starts it ends it when it takes too long.
 */

const task = workerData as PageTask;
const memory = boundMemory(task.maxMemoryBytes + task.bytes.length);
const reply = await answer();
parentPort?.postMessage(reply, "pixels" in reply ? [reply.pixels.data.buffer] : []);

async function answer(): Promise<PageReply> {
  try {
    const answered = task.kind === "pdf" ? await readPdf(task) : readPsd(task);
    // What the renderer had no memory for, it may have left out.
    return memory.refused ? { failed: "size" } : answered;
  } catch (error) {
    if (memory.refused) return { failed: "size" };
    throw error;
  }
}
