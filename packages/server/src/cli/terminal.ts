import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";

/** Where a command prints. */
export interface Terminal {
  readonly print: (line: string) => void;
  readonly printError: (line: string) => void;
  /** Whether a person reads what is printed. */
  readonly interactive: boolean;
}

/**
 * A newly made secret is shown to a person alone; elsewhere, where output tends to be kept, it goes into a file that only
 * its owner can read (design.md §4).
 * @param name the file's, without its ending
 * @returns what to print
 */
export async function revealSecret(terminal: Terminal, dataDir: string, name: string, secret: string): Promise<string> {
  if (terminal.interactive) return secret;
  const path = join(dataDir, `${name}.txt`);
  // A file that is there keeps its mode when it is written again.
  await rm(path, { force: true });
  await writeFile(path, `${secret}\n`, { mode: 0o600, flag: "wx" });
  return `in ${path}`;
}
