import { once } from "node:events";
import { connect } from "node:net";

/** Writes the bytes and reads until the server has closed the connection. @returns everything that the server sent */
export async function wholeAnswer(url: string, bytes: string | Uint8Array): Promise<string> {
  const { hostname, port } = new URL(url);
  const socket = connect({ host: hostname, port: Number(port) });
  const chunks: Buffer[] = [];
  socket.on("data", (chunk: Buffer) => chunks.push(chunk));
  // After its answer, the server may react with a reset to bytes that it no longer wants.
  socket.on("error", () => undefined);
  const signal = AbortSignal.timeout(15_000);
  try {
    await once(socket, "connect", { signal });
    socket.write(bytes);
    await once(socket, "close", { signal });
    return Buffer.concat(chunks).toString("latin1");
  } finally {
    socket.destroy();
  }
}

/** The status of every answer in the text. */
export function statusesIn(text: string): number[] {
  return [...text.matchAll(/HTTP\/1\.1 (\d{3}) /g)].map(([, status]) => Number(status));
}
