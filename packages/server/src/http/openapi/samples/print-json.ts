const maxLineLength = 80;

export interface JsonSpelling {
  readonly text: (text: string) => string;
  readonly name: (name: string) => string;
}

/** Prints a JSON value as people write it: what fits into a line stands in one. */
export function printJson(value: unknown, spelling: JsonSpelling, indent = ""): string {
  if (typeof value === "string") return spelling.text(value);
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const isList = Array.isArray(value);
  const entries = Object.entries(value);
  const print = (inner: string) =>
    entries.map(([name, one]) => (isList ? "" : `${spelling.name(name)}: `) + printJson(one, spelling, inner));
  const [open, close, space] = isList ? ["[", "]", ""] : ["{", "}", " "];
  if (entries.length === 0) return open + close;
  const line = `${open}${space}${print(indent).join(", ")}${space}${close}`;
  if (!line.includes("\n") && indent.length + line.length <= maxLineLength) return line;
  const inner = `${indent}  `;
  return `${open}\n${inner}${print(inner).join(`,\n${inner}`)}\n${indent}${close}`;
}
