import { toNfc } from "../text/nfc.ts";

/** Number of characters after which a word is cut. */
const maxWordLength = 64;

/** An ideograph is a word of its own, since the languages that use them put no spaces between words. */
const word = /\p{Script=Han}\p{M}*|(?:(?!\p{Script=Han})[\p{L}\p{M}\p{N}])+/gu;

/**
 * Splits a text into the words that `HAS` compares, in their order (docs/protocol/media-api.md §4.1). Whatever is
 * neither a letter, a mark nor a number separates words. Case has no meaning. Of a long word only the beginning counts.
 *
 * The catalogue writes the words of names and tags with this function, and a query reads its own with it, so both
 * databases find the same objects.
 */
export function searchWords(text: string): string[] {
  const words = foldCase(text).match(word) ?? [];
  return words.map((whole) => (whole.length > maxWordLength ? [...whole].slice(0, maxWordLength).join("") : whole));
}

/**
 * Gives texts that differ only in case the same spelling. Upper case unites what lower case keeps apart, such as `ß`
 * and `ss`; a small capital sharp s first has to become `ß`. JavaScript spells a sigma by its place in the word.
 */
function foldCase(text: string): string {
  return toNfc(toNfc(text).toLowerCase().toUpperCase().toLowerCase().replaceAll("ς", "σ"));
}
