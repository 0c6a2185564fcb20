import { ignored, type Shape, textShape } from "../shape.ts";

/** Accepts one of a few words. `aliases` are other spellings of them. */
export function keywordShape<const Word extends string>(
  words: readonly Word[],
  aliases: Readonly<Record<string, Word>> = {},
): Shape<Word> {
  return textShape(
    listWords([...words, ...Object.keys(aliases)]),
    (text) => words.find((word) => word === text) ?? (Object.hasOwn(aliases, text) ? aliases[text] : undefined),
    (word) => word,
  );
}

/** Accepts some of a few words, each once, in the order of the list. */
export function wordSetShape<const Word extends string>(words: readonly Word[]): Shape<readonly Word[]> {
  return textShape<readonly Word[]>(
    `${listWords(words)}, joined by \`_\``,
    (text) => {
      const written = text.split("_");
      const known = words.filter((word) => written.includes(word));
      return written.every((word) => (words as readonly string[]).includes(word)) ? known : undefined;
    },
    (chosen) => chosen.join("_"),
  );
}

export const booleanShape: Shape<boolean> = textShape(
  "`true`, `false`",
  (text) => (text === "true" ? true : text === "false" ? false : undefined),
  String,
);

/**
 * An effect that is on when its key is present. SDKs write `true`, `-` or `1` after it, and `false` if the caller wants
 * no effect.
 */
export const flagShape: Shape<true> = {
  values: "none",
  parse: (text) => {
    if (text === undefined || ["", "-", "true", "1"].includes(text)) return true;
    return text === "false" || text === "0" ? ignored : undefined;
  },
  print: () => undefined,
};

export function listWords(words: readonly string[]): string {
  return words.map((word) => `\`${word}\``).join(", ");
}
