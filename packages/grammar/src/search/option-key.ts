import { readNumber } from "../expressions/literals.ts";

/**
 * Spells an option of a select field so that equal keys are equal options. The language can't tell the text `1`, the
 * number 1 and the text `01` apart, as in `checks`, so all of them have one key.
 */
export function optionKey(option: string | number | boolean): string {
  const text = String(option);
  return String(readNumber({ text, quoted: true }) ?? text);
}
