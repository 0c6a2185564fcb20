import { writeSecretFile } from "./private-key-file.ts";

/** The terminal that a command prints to. */
export interface Terminal {
  readonly print: (line: string) => void;
  readonly printError: (line: string) => void;
  /** Whether a person reads what is printed. */
  readonly interactive: boolean;
  /**
   * Shows a line on standard error that the next one replaces and an empty one removes. It exists only on a terminal.
   */
  readonly showStatus?: ((text: string) => void) | undefined;
}

/**
 * Shows a newly made secret only to a person. Elsewhere, where output tends to be kept, the secret goes into a file
 * that only its owner can read (docs/architecture.md §4).
 * @param name the file's name, without its ending
 * @returns what to print
 */
export async function revealSecret(terminal: Terminal, dataDir: string, name: string, secret: string): Promise<string> {
  return terminal.interactive ? secret : `in ${await writeSecretFile(dataDir, name, secret)}`;
}
