import type { WriteStream } from "node:tty";
import { printable } from "./printable.ts";

/** The width that is assumed for a terminal that doesn't state its own. */
const usualColumns = 80;

/**
 * Shows a text in the last line of a terminal, in place of the text before.
 * @param kind the variable TERM
 * @returns undefined where the stream leads to no terminal, or to one without control sequences
 */
export function statusLine(
  stream: Pick<WriteStream, "isTTY" | "columns" | "write">,
  kind: string | undefined,
): ((text: string) => void) | undefined {
  if (!stream.isTTY || kind === "dumb") return undefined;
  return (text) => {
    // A text that wraps could not be erased.
    const shown = printable(text.replaceAll("\n", " ")).slice(0, (stream.columns || usualColumns) - 1);
    stream.write(`\r\u001b[K${shown}`);
  };
}
