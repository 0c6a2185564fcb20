import { writeSecretFile } from "./secret-file.ts";

/** Where a command prints. */
export interface Terminal {
  readonly print: (line: string) => void;
  readonly printError: (line: string) => void;
  /** Whether a person reads what is printed. */
  readonly interactive: boolean;
  /** Shows a line on standard error that the next one replaces, and an empty one removes; there on a terminal alone. */
  readonly showStatus?: ((text: string) => void) | undefined;
}

/**
 * A newly made secret is shown to a person alone; elsewhere, where output tends to be kept, it goes into a file that
 * only its owner can read (docs/architecture.md §4).
 * @param name the file's, without its ending
 * @returns what to print
 */
export async function revealSecret(terminal: Terminal, dataDir: string, name: string, secret: string): Promise<string> {
  return terminal.interactive ? secret : `in ${await writeSecretFile(dataDir, name, secret)}`;
}
