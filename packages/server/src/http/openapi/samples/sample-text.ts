/**
 * A text of a code sample in which `‹FILE_ID›` stands for the environment variable of that name. Samples read from the
 * environment what each reader has to put in: credentials, and the ids of the reader's own files.
 */
export type SampleText = string;

const variable = /‹([A-Z_]+)›/g;

export function hasVariables(text: SampleText): boolean {
  return text.search(variable) >= 0;
}

/** The text as one argument in a shell. */
export function inShell(text: SampleText): string {
  if (hasVariables(text)) return `"${expanded(text.replaceAll(/[\\$`"]/g, "\\$&"))}"`;
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}

/** The text within a here-document, in which a shell replaces variables. */
export function inHereDocument(text: SampleText): string {
  return expanded(text.replaceAll(/[\\$`]/g, "\\$&"));
}

function expanded(text: SampleText): string {
  return text.replaceAll(variable, (_, name: string, offset: number, whole: string) =>
    /^\w/.test(whole.slice(offset + name.length + 2)) ? `\${${name}}` : `$${name}`,
  );
}

/** The text as an expression of JavaScript. */
export function inJavaScript(text: SampleText): string {
  if (!hasVariables(text)) return JSON.stringify(text);
  const [, name, rest] = /^‹([A-Z_]+)›(.*)$/s.exec(text) ?? [];
  if (rest === "") return `process.env.${name}`;
  const escaped = text.replaceAll(/[`\\]|\$(?=\{)/g, "\\$&");
  return `\`${escaped.replaceAll(variable, (_, inner: string) => `\${process.env.${inner}}`)}\``;
}

const maxLineLength = 80;

interface JsonSpelling {
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
