import { resolve } from "node:path";
import { type SystemCall, systemCalls } from "./system-call.ts";
import type { Action, Trace, TraceEvent } from "./trace.ts";

/** The system calls that strace has to record for `readTrace`. */
export const tracedCalls = [
  ...["open", "openat", "creat", "write", "writev", "pwrite64", "pwritev", "pwritev2", "truncate", "ftruncate"],
  ...["fallocate", "fsync", "fdatasync", "link", "linkat", "rename", "renameat", "renameat2", "unlink", "unlinkat"],
  ...["mkdir", "mkdirat", "rmdir", "symlink", "symlinkat", "sendto", "sendmsg", "sendfile", "copy_file_range"],
  // These two show which threads share their descriptors.
  ...["clone", "clone3"],
] as const;

/** Turns strace's output (`-f -yy -s` large, the calls above, decoded as Latin-1) into events. */
export function readTrace(output: string): Trace {
  const calls = [...systemCalls(output)];
  const processOf = processes(calls);
  const positionsOf = new Map<number, Map<number, number>>();
  const events: TraceEvent[] = [];
  for (const call of calls) {
    if (call.result === undefined) continue;
    const { begin, end } = call;
    const process = processOf(call.thread);
    const positions = positionsOf.get(process) ?? new Map<number, number>();
    positionsOf.set(process, positions);
    for (const action of actionsOf(call, call.result, positions)) events.push({ ...action, begin, end });
  }
  return events;
}

/** Finds the process of each thread. A new thread's first calls can precede the call that made it in the trace. */
function processes(calls: readonly SystemCall[]): (thread: number) => number {
  const parents = new Map<number, number>();
  for (const { name, text, thread, result } of calls) {
    if (name.startsWith("clone") && text.includes("CLONE_THREAD") && result !== undefined) parents.set(result, thread);
  }
  return function processOf(thread: number): number {
    const parent = parents.get(thread);
    return parent === undefined ? thread : processOf(parent);
  };
}

/** @param positions the next write position of each open file of the call's process, by descriptor */
function actionsOf(call: SystemCall, result: number, positions: Map<number, number>): Action[] {
  const { name, text } = call;
  switch (name) {
    case "open":
    case "openat":
    case "creat": {
      positions.set(result, 0);
      const [path = ""] = paths(call);
      const created: Action[] = /O_CREAT/.test(text) || name === "creat" ? [{ kind: "create", path }] : [];
      const emptied: Action[] = /O_TRUNC/.test(text) || name === "creat" ? [{ kind: "truncate", path, length: 0 }] : [];
      return [...created, ...emptied];
    }
    case "write":
    case "writev":
    case "pwrite64":
    case "pwritev":
      return written(call, result, positions);
    case "sendto":
    case "sendmsg":
      return /^\d+<TCP/.test(text) ? [{ kind: "send", bytes: Buffer.concat(call.strings).subarray(0, result) }] : [];
    case "truncate":
    case "ftruncate":
      return [{ kind: "truncate", path: describedPath(call) ?? paths(call)[0] ?? "", length: lastNumber(text) }];
    case "fsync":
    case "fdatasync":
      return [{ kind: "sync", path: describedPath(call) ?? "" }];
    case "mkdir":
    case "mkdirat":
      return [{ kind: "make folder", path: paths(call)[0] ?? "" }];
    case "unlink":
    case "unlinkat":
    case "rmdir":
      return [{ kind: "remove", path: paths(call)[0] ?? "" }];
    case "link":
    case "linkat":
    case "rename":
    case "renameat":
    case "renameat2": {
      const [from = "", to = ""] = paths(call);
      return [{ kind: name.startsWith("link") ? "link" : "rename", from, to }];
    }
    default:
      // Nothing in the data folder is written in these ways. Once that changes, this reader must support them.
      if (/\/sluice-/.test(text)) throw new Error(`a trace with ${name} can't be read: ${text}`);
      return [];
  }
}

function written(call: SystemCall, result: number, positions: Map<number, number>): Action[] {
  const bytes = Buffer.concat(call.strings).subarray(0, result);
  const path = describedPath(call);
  if (/^\d+<TCP/.test(call.text)) return [{ kind: "send", bytes }];
  if (path === undefined) return [];
  if (call.name.startsWith("p")) return [{ kind: "write", path, offset: lastNumber(call.text), bytes }];
  const descriptor = Number.parseInt(call.text, 10);
  const offset = positions.get(descriptor) ?? 0;
  positions.set(descriptor, offset + result);
  return [{ kind: "write", path, offset, bytes }];
}

/** The path that strace shows for the first argument, a descriptor; undefined for sockets, pipes and removed files. */
function describedPath({ text }: SystemCall): string | undefined {
  return /^\d+<(\/[^>]*)>(?!\(deleted\))/.exec(text)?.[1];
}

/** The paths among the arguments. A relative path starts at the folder that the preceding argument names. */
function paths({ strings, text }: SystemCall): string[] {
  const folder = /^(?:\d+|AT_FDCWD)<([^>]*)>/.exec(text)?.[1] ?? "/";
  return strings.map((path) => resolve(folder, path.toString()));
}

function lastNumber(text: string): number {
  return Number(/(\d+)$/.exec(text)?.[1]);
}
