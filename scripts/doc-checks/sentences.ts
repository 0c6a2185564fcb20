import { blocksOf, plainText } from "./markdown.ts";

/** The longest sentence that a reader takes in at one reading. */
export const maxWordsPerSentence = 40;

/** Finds the sentences of a page that have too many words. Code and tables are not looked at. */
export function longSentencesIn(markdown: string): string[] {
  return blocksOf(markdown)
    .filter(({ kind }) => kind === "prose")
    .flatMap(({ text, line }) =>
      sentencesOf(plainText(text))
        .map((sentence) => ({ sentence, words: wordsIn(sentence) }))
        .filter(({ words }) => words > maxWordsPerSentence)
        .map(({ sentence, words }) => `line ${line}, ${words} words: ${sentence}`),
    );
}

/** A full stop that a small letter follows belongs to an abbreviation. */
function sentencesOf(text: string): string[] {
  return text.split(/(?<=[.!?]["')\]*_”’]*)\s+(?=[^a-z\s])/);
}

function wordsIn(sentence: string): number {
  return sentence.split(/\s+/).filter((word) => /[\p{L}\p{N}]/u.test(word)).length;
}
