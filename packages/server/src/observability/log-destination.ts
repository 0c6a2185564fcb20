import { isatty } from "node:tty";
import { type DestinationStream, destination } from "pino";
import { readableLines } from "./readable-lines.ts";

/** What a pipe takes in one piece (POSIX's PIPE_BUF on Linux): lines of several processes don't mix. */
const atomicBytes = 4096;

const standardError = 2;

/**
 * Standard error: readable lines on a terminal, JSON elsewhere. A write for each line would cost more than making it;
 * what is held back is written when the process ends as well.
 */
export function openLogDestination(fd = standardError, isTerminal = isatty(fd)): DestinationStream {
  const lines = destination({ fd, sync: false, minLength: 3072, maxWrite: atomicBytes, periodicFlush: 250 });
  if (!isTerminal) return lines;
  const readable = readableLines(process.stderr.isTTY && process.stderr.hasColors());
  return {
    write: (line) => void lines.write(readable(line)),
    // pino calls it before a process ends of what it logs as fatal.
    flushSync: () => lines.flushSync(),
  } as DestinationStream;
}
