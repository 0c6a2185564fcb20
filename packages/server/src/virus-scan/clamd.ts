import { once } from "node:events";
import { connect, type Socket } from "node:net";
import type { ClamdAddress } from "../config/config.ts";

/** The number of bytes that are sent at a time. clamd takes them piece by piece. */
const pieceBytes = 64 * 1024;
/** The longest answer in bytes. clamd's answers are short, so a longer one is not clamd's. */
const maxAnswerBytes = 8 * 1024;

export type ScanResult = { readonly clean: true } | { readonly clean: false; readonly signature: string };

/** clamd can't be reached, or did not judge the file, so the file's content is unknown. */
export class ScanError extends Error {
  override readonly name = "ScanError";
}

export interface ClamdOptions {
  readonly address: ClamdAddress;
  /** The time that clamd may take to answer or to take a piece. The signal bounds the whole scan. */
  readonly silenceMs: number;
}

/**
 * Makes clamd judge bytes as they are sent to it (INSTREAM), over one connection.
 * @throws ScanError, the signal's reason, and what reading the bytes throws
 */
export async function scanStream(
  options: ClamdOptions,
  bytes: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  signal: AbortSignal,
): Promise<ScanResult> {
  let hasAll = false;
  const answer = await converse(options, signal, async (socket, answered) => {
    await send(socket, Buffer.from("zINSTREAM\0"), answered);
    for await (const chunk of bytes) {
      for (let start = 0; start < chunk.byteLength; start += pieceBytes) {
        const piece = chunk.subarray(start, start + pieceBytes);
        await send(socket, sizeOf(piece.byteLength), answered);
        await send(socket, piece, answered);
        // clamd may have seen enough. It doesn't read what is sent after its answer.
        if (answered()) return;
      }
    }
    hasAll = true;
    await send(socket, sizeOf(0), answered);
  });
  const result = readResult(answer);
  // clamd may find something before the end, but it can't call a file clean that it has not seen completely.
  if (result.clean && !hasAll) throw new ScanError("clamd called a file clean before it had all of it");
  return result;
}

/** @throws ScanError when clamd can't be reached */
export async function pingClamd(options: ClamdOptions, signal: AbortSignal): Promise<void> {
  const answer = await converse(options, signal, (socket, answered) => send(socket, Buffer.from("zPING\0"), answered));
  if (answer !== "PONG") throw new ScanError(`clamd answered ${JSON.stringify(answer.slice(0, 100))} instead of PONG`);
}

export function readResult(answer: string): ScanResult {
  if (answer === "stream: OK") return { clean: true };
  const signature = /^stream: (.+) FOUND$/.exec(answer)?.[1];
  if (signature === undefined) throw new ScanError(`clamd answered ${JSON.stringify(answer.slice(0, 200))}`);
  return { clean: false, signature };
}

/** Sends with `talk`, and takes one answer, which ends with a zero byte. */
async function converse(
  { address, silenceMs }: ClamdOptions,
  signal: AbortSignal,
  talk: (socket: Socket, answered: () => boolean) => Promise<void>,
): Promise<string> {
  signal.throwIfAborted();
  const socket = connect(address);
  const abort = () => socket.destroy(signal.reason instanceof Error ? signal.reason : new Error("aborted"));
  signal.addEventListener("abort", abort, { once: true });
  socket.setTimeout(silenceMs, () => socket.destroy(new ScanError(`clamd was silent for ${silenceMs / 1000} seconds`)));
  let text = "";
  const answer = new Promise<string>((resolve, reject) => {
    socket.setEncoding("utf8");
    socket.on("data", (data: string) => {
      text += data;
      const end = text.indexOf("\0");
      if (end >= 0) resolve(text.slice(0, end));
      else if (text.length > maxAnswerBytes) reject(new ScanError("clamd's answer does not end"));
    });
    socket.on("error", (error) => reject(toScanError(error)));
    socket.on("close", () => reject(new ScanError("clamd closed the connection without an answer")));
  });
  // A failure is reported by `talk`, or when the answer is awaited.
  answer.catch(() => undefined);
  try {
    await Promise.race([once(socket, "connect", { signal }), answer]);
    // A failed write is ignored when an answer came before it: clamd closes the connection once it has seen enough.
    const talked = talk(socket, () => text !== "").catch(async (error: unknown) => {
      if (!socket.destroyed || text === "") throw error;
    });
    await Promise.race([talked, answer]);
    return await answer;
  } catch (error) {
    signal.throwIfAborted();
    throw error;
  } finally {
    signal.removeEventListener("abort", abort);
    socket.destroy();
  }
}

async function send(socket: Socket, bytes: Uint8Array, answered: () => boolean): Promise<void> {
  if (socket.destroyed) throw new ScanError("clamd closed the connection");
  if (socket.write(bytes) || answered()) return;
  const done = new AbortController();
  const options = { signal: done.signal };
  try {
    await Promise.race([once(socket, "drain", options), once(socket, "close", options), once(socket, "data", options)]);
  } finally {
    done.abort();
  }
}

function sizeOf(bytes: number): Buffer {
  const size = Buffer.alloc(4);
  size.writeUInt32BE(bytes);
  return size;
}

function toScanError(error: Error): Error {
  if (error instanceof ScanError) return error;
  const { code = error.message } = error as NodeJS.ErrnoException;
  return new ScanError(`clamd can't be reached: ${code}`, { cause: error });
}
