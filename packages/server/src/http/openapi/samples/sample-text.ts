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
