// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is shown as text
const unprintable = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g;

/**
 * Shows control characters other than line feeds and tabs as `\u001b`. What a command prints may come from strangers,
 * such as the answer to a webhook, and a terminal would obey it. Characters that reverse the order of a line are shown
 * in the same way.
 */
export function printable(text: string): string {
  return text.replaceAll(unprintable, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`);
}
