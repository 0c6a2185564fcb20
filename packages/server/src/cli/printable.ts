// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is shown as text
const unprintable = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g;

/**
 * Shows control characters, but for line feeds and tabs, as `\u001b`: what a command prints may come from strangers, such
 * as the answer to a webhook, and a terminal would obey it. So it is with characters that turn the order of a line round.
 */
export function printable(text: string): string {
  return text.replaceAll(unprintable, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`);
}
