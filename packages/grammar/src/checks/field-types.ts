import {
  type Literal,
  readBoolean,
  readChoice,
  readDate,
  readNumber,
  readSize,
  readText,
} from "../expressions/literals.ts";
import { toNfc } from "../text/nfc.ts";
import type { Operator, Value } from "./values.ts";

interface FieldType {
  readonly operators: readonly Operator[];
  /** Describes a valid value, for the error message. */
  readonly expects: string;
  /** Converts a literal of the expression. Returns undefined when it is not a value of this type. */
  readonly read: (literal: Literal) => Value | undefined;
  /** Whether the operator `:` holds for values of this type. */
  readonly begins: (actual: string, beginning: string) => boolean;
}

const text = ["=", "NOT =", ":", "IN", "NOT IN"] as const;
const equality = ["=", "NOT ="] as const;
const order = ["<", "<=", ">", ">="] as const;
const membership = ["IN", "NOT IN"] as const;

const beginsWith = (actual: string, beginning: string): boolean => actual.startsWith(beginning);

/**
 * The types of fields, the operators each type supports and how its values are written (docs/protocol/upload.md §10).
 */
export const fieldTypes = {
  text: { operators: text, expects: "a text", read: readText, begins: beginsWith },
  /** Names are stored in NFC, whatever form they are sent in (docs/protocol/upload.md §15.16). */
  name: { operators: text, expects: "a text", read: (literal) => toNfc(readText(literal)), begins: beginsWith },
  /** A media type or codec. Case has no meaning. */
  label: {
    operators: text,
    expects: "a text",
    read: (literal) => readText(literal).toLowerCase(),
    begins: beginsWith,
  },
  /** Folders are compared without leading and trailing slashes. `:` matches the folder and everything below it. */
  folder: {
    operators: text,
    expects: "a folder",
    read: (literal) => trimSlashes(toNfc(readText(literal))),
    begins: (actual, folder) => folder === "" || actual === folder || actual.startsWith(`${folder}/`),
  },
  boolean: { operators: equality, expects: "true or false", read: readBoolean, begins: beginsWith },
  list: { operators: membership, expects: "a text", read: readText, begins: beginsWith },
  size: {
    operators: ["=", ...order],
    expects: 'a number of bytes, or a quoted one with a unit such as "10kb" or "1MB"',
    read: readSize,
    begins: beginsWith,
  },
  number: { operators: ["=", ...order], expects: "a number", read: readNumber, begins: beginsWith },
  customNumber: {
    operators: [...equality, ...membership, ...order],
    expects: "a number",
    read: readNumber,
    begins: beginsWith,
  },
  customDate: {
    operators: [...equality, ...membership, ...order],
    expects: "a date such as 2026-01-31 or 2026-01-31T12:00:00",
    read: readDate,
    begins: beginsWith,
  },
  choice: { operators: [...text, ...order], expects: "a value", read: readChoice, begins: beginsWith },
  choices: { operators: membership, expects: "a value", read: readChoice, begins: beginsWith },
} as const satisfies Record<string, FieldType>;

export type FieldTypeName = keyof typeof fieldTypes;

export function trimSlashes(path: string): string {
  let [start, end] = [0, path.length];
  while (path[start] === "/") start += 1;
  while (end > start && path[end - 1] === "/") end -= 1;
  return path.slice(start, end);
}
