import { fstatSync } from "node:fs";
import { isatty } from "node:tty";
import type { DestinationStream } from "pino";
import { BufferedLines } from "./buffered-lines.ts";
import { readableLines } from "./readable-lines.ts";

/**
 * The number of bytes that a pipe takes in one piece (POSIX's PIPE_BUF on Linux), so that lines of several processes
 * don't mix.
 */
const atomicBytes = 4096;

/** A file takes a piece of any size as one. Larger pieces take less time. */
const fileBytes = 64 * 1024;

const standardError = 2;

/**
 * Opens standard error for the log: readable lines on a terminal, JSON elsewhere. Lines are buffered, since a write for
 * each line would cost more than making the line. The buffer is also written when the process ends.
 */
export function openLogDestination(fd = standardError, isTerminal = isatty(fd)): DestinationStream {
  const maxPieceBytes = fstatSync(fd).isFile() ? fileBytes : atomicBytes;
  const lines = new BufferedLines(fd, { enoughBytes: (3 * maxPieceBytes) / 4, maxPieceBytes, flushMs: 250 });
  process.once("exit", () => lines.flushSync());
  if (!isTerminal) return lines;
  const readable = readableLines(process.stderr.isTTY && process.stderr.hasColors());
  return {
    write: (line) => lines.write(readable(line)),
    // pino calls it after a fatal line, before the process ends.
    flushSync: () => lines.flushSync(),
  } as DestinationStream;
}
