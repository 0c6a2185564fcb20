/** A text field of an upload's form. */
export interface FormField {
  readonly name: string;
  readonly value: string;
}

export interface ParsedForm {
  /** The text fields, without the token and without files. */
  readonly fields: readonly FormField[];
  /** The token, where the text has one. */
  readonly token: string | undefined;
}

/** Reads an upload's form as a developer has it at hand: lines of `name=value`, a JSON object, or a curl command. */
export function parseForm(text: string): ParsedForm {
  const all = fieldsIn(text.trim());
  const token = all.find(({ name }) => name === "token")?.value;
  return { fields: all.filter(({ name }) => name !== "token" && name !== "file"), token };
}

function fieldsIn(text: string): FormField[] {
  if (/^curl\s/.test(text)) return fieldsOfCurl(text);
  return (text.startsWith("{") ? fieldsOfJson(text) : undefined) ?? fieldsOfLines(text);
}

function fieldsOfLines(text: string): FormField[] {
  const lines = text.split(/\r?\n/).filter((line) => line.trim() !== "");
  return lines.map((line) => {
    const equals = line.indexOf("=");
    return equals < 0
      ? { name: line.trim(), value: "" }
      : { name: line.slice(0, equals).trim(), value: line.slice(equals + 1) };
  });
}

function fieldsOfJson(text: string): FormField[] | undefined {
  try {
    const members = Object.entries(JSON.parse(text) as Record<string, unknown>);
    return members.map(([name, value]) => ({ name, value: typeof value === "string" ? value : JSON.stringify(value) }));
  } catch {
    return undefined;
  }
}

/** The options of curl that send a text field as it is, and those that read more than text from it. */
const plainOption = /^--form-string$/;
const formOption = /^(?:-F|--form)$/;

function fieldsOfCurl(command: string): FormField[] {
  const words = shellWords(command).flatMap((word) => {
    const [, option, rest] = /^(--form-string|--form)=([\s\S]*)$/.exec(word) ?? /^(-F)([\s\S]+)$/.exec(word) ?? [];
    return option === undefined || rest === undefined ? [word] : [option, rest];
  });
  return words.flatMap((word, index) => {
    const given = words[index + 1];
    if (given === undefined || !(plainOption.test(word) || formOption.test(word))) return [];
    const equals = given.indexOf("=");
    const [name, value] = [given.slice(0, equals), given.slice(equals + 1)];
    if (equals < 1) return [];
    if (plainOption.test(word)) return [{ name, value }];
    // A file is no text field, and its bytes are not at hand.
    return /^[@<]/.test(value) ? [] : [{ name, value: withoutSuffix(value) }];
  });
}

/** With -F, curl takes quotes off a value, and reads `;type=…` behind it. */
function withoutSuffix(value: string): string {
  const quoted = /^"((?:[^"\\]|\\.)*)"/.exec(value)?.[1];
  if (quoted !== undefined) return quoted.replace(/\\(["\\])/g, "$1");
  return value.replace(/;(?:type|headers|encoder)=[^;]*/g, "");
}

/** Splits a command as a shell does, without expanding anything. */
function shellWords(command: string): string[] {
  const piece = /\\\r?\n|\s+|'([^']*)'|"((?:[^"\\]|\\[\s\S])*)"|\\([\s\S])|([^\s'"\\]+)/g;
  const words: string[] = [];
  let word: string | undefined;
  for (const [whole, single, double, escaped, plain] of command.matchAll(piece)) {
    if (/^(?:\\\r?\n|\s+)$/.test(whole)) {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else word = (word ?? "") + (single ?? double?.replace(/\\(["\\$`])/g, "$1") ?? escaped ?? plain ?? "");
  }
  return word === undefined ? words : [...words, word];
}
