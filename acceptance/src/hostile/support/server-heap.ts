import { once } from "node:events";
import { expect } from "vitest";
import type { RunningServer } from "../../harness/server.ts";

/**
 * This variable of the server's environment lets the test inspect the server. Without this, nobody can ask what the
 * server's memory is used for.
 */
export const inspectable = { NODE_OPTIONS: "--inspect=127.0.0.1:0" } as const;

/**
 * The memory that the server's main thread still uses after a garbage collection, in bytes. It counts objects, and the
 * memory that buffers hold outside the heap.
 */
export async function usedMemory(server: Pick<RunningServer, "output">): Promise<number> {
  const inspector = (): string | undefined => /Debugger listening on (ws:\S+)/.exec(server.output())?.[1];
  await expect.poll(inspector).toBeDefined();
  const socket = new WebSocket(inspector() ?? "");
  try {
    await once(socket, "open");
    await command(socket, "HeapProfiler.collectGarbage");
    const { usedSize, backingStorageSize } = await command(socket, "Runtime.getHeapUsage");
    return Number(usedSize) + Number(backingStorageSize);
  } finally {
    socket.close();
  }
}

async function command(socket: WebSocket, method: string): Promise<Record<string, unknown>> {
  socket.send(JSON.stringify({ id: 1, method }));
  for (;;) {
    const [{ data }] = (await once(socket, "message")) as [MessageEvent<string>];
    const { id, result, error } = JSON.parse(data);
    if (error !== undefined) throw new Error(`${method}: ${error.message}`);
    if (id === 1) return result;
  }
}
