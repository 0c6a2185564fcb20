import { freemem } from "node:os";
import { ended, spawnPinned, stop } from "./children.ts";

const standardError = 2;

/** A program that takes the given amount of memory, and frees all of it by ending. */
const program = `
  const block = 64 * 1024 * 1024;
  const taken = [];
  for (let left = Number(process.argv[1]); left > 0; left -= block) taken.push(Buffer.alloc(Math.min(left, block), 1));
`;

/**
 * Makes the machine own as much memory as the files of a run are going to take, so that no run starts to pay for memory
 * half-way. A virtual machine gets each page of memory from the host when the page is first written to, and sooner or
 * later hands freed pages back. As measured here, that costs eight microseconds a page, with which an upload of 100 KiB
 * takes a third more time.
 * @throws the signal's reason
 */
export async function touchMemory(
  bytes: number,
  { core, cwd, signal }: { readonly core: number; readonly cwd: string; readonly signal: AbortSignal },
): Promise<void> {
  signal.throwIfAborted();
  const child = spawnPinned(["--eval", program, String(Math.min(bytes, freemem() / 2))], {
    cores: [core],
    cwd,
    environment: {},
    errors: standardError,
  });
  const onAbort = (): void => void stop(child);
  signal.addEventListener("abort", onAbort, { once: true });
  try {
    child.stdin.end();
    child.stdout.resume();
    const code = await ended(child);
    signal.throwIfAborted();
    if (code !== 0) throw new Error(`memory could not be touched: the program ended with ${code}`);
  } finally {
    signal.removeEventListener("abort", onAbort);
  }
}
