import { type DestinationStream, destination } from "pino";

/** What a pipe takes in one piece (POSIX's PIPE_BUF on Linux): lines of several processes don't mix. */
const atomicBytes = 4096;

/**
 * Standard error. A write for each line would cost more than making it; what is held back is written when the process
 * ends as well.
 */
export function openLogDestination(): DestinationStream {
  return destination({ fd: 2, sync: false, minLength: 3072, maxWrite: atomicBytes, periodicFlush: 250 });
}
