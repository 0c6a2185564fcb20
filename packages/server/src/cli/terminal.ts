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
 * A newly made private key is shown to a person alone; elsewhere, where output tends to be kept, it goes into a file
 * that only its owner can read (design.md §4).
 * @returns what to print
 */
export async function revealPrivateKey(
  terminal: Terminal,
  dataDir: string,
  imagekitId: string,
  privateKey: string,
): Promise<string> {
  if (terminal.interactive) return privateKey;
  const path = join(dataDir, `private-key-${imagekitId}.txt`);
  // A file that is there keeps its mode when it is written again.
  await rm(path, { force: true });
  await writeFile(path, `${privateKey}\n`, { mode: 0o600, flag: "wx" });
  return `in ${path}`;
}
