import { RawConnection } from "../../harness/raw-http.ts";

export interface StrangersOptions {
  readonly addresses: number;
  /** The first of the addresses; 0 by default. */
  readonly from?: number;
  readonly connections: number;
  /** The bytes that each connection sends before it stands still. */
  readonly send: string | Uint8Array;
}

/**
 * The number of connections that are opened at a time. More would fill the system's queue of connections for the
 * server.
 */
const atOnce = 100;

/** Opens connections from addresses of 127.0.0.0/8, in turn, except 127.0.0.1. Each sends `send` and stands still. */
export async function openStrangers(
  url: string,
  { addresses, from = 0, connections, send }: StrangersOptions,
): Promise<RawConnection[]> {
  const opened: RawConnection[] = [];
  try {
    while (opened.length < connections) {
      const next = Array.from({ length: Math.min(atOnce, connections - opened.length) }, (_, index) =>
        RawConnection.open(url, addressOf(from + ((opened.length + index) % addresses))),
      );
      opened.push(...(await Promise.all(next)));
      // The server may have closed the connection already.
      await Promise.all(opened.slice(-next.length).map((connection) => connection.write(send).catch(() => undefined)));
    }
  } catch (error) {
    for (const connection of opened) connection.destroy();
    throw error;
  }
  return opened;
}

/** Keeps strangers connected while the function runs. */
export async function withStrangers(
  url: string,
  options: StrangersOptions,
  use: (strangers: readonly RawConnection[]) => Promise<void>,
): Promise<void> {
  const strangers = await openStrangers(url, options);
  try {
    await use(strangers);
  } finally {
    for (const connection of strangers) connection.destroy();
  }
}

/** The head of an upload without credentials. */
export function uploadHead(contentLength: number): string {
  const lines = ["host: test", "content-type: multipart/form-data; boundary=b", `content-length: ${contentLength}`];
  return `POST /api/v2/files/upload HTTP/1.1\r\n${lines.join("\r\n")}\r\n\r\n`;
}

export const fileStart = '--b\r\nContent-Disposition: form-data; name="file"; filename="a.bin"\r\n\r\n';

function addressOf(index: number): string {
  return `127.1.${Math.floor(index / 250)}.${(index % 250) + 1}`;
}
