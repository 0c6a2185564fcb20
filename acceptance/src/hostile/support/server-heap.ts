import { once } from "node:events";
import { expect } from "vitest";
import type { RunningServer } from "../../harness/server.ts";

/** For the server's environment: without it, nobody can ask what its memory is used for. */
export const inspectable = { NODE_OPTIONS: "--inspect=127.0.0.1:0" } as const;

/** Bytes that the server's own thread still uses once its garbage is collected: objects, and what buffers hold outside of them. */
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
