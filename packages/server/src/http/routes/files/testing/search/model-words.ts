/** Splits a text as docs/protocol/media-api.md §4.1 says, without the code that the server does it with. */
export function modelWords(text: string): string[] {
  const folded = [...text.normalize("NFC")]
    .map((character) =>
      /[ẞß]/u.test(character) ? "ss" : character.toLowerCase() === "ς" ? "σ" : character.toLowerCase(),
    )
    .join("")
    .normalize("NFC");
  return folded
    .replaceAll(/(\p{Script=Han}\p{M}*)/gu, " $1 ")
    .split(/[^\p{L}\p{M}\p{N}]+/u)
    .filter((word) => word !== "")
    .map((word) => [...word].slice(0, 64).join(""));
}

/** All words of the query have to be among those of the texts, the last one as a beginning. */
export function hasWords(texts: readonly string[], asked: string): boolean {
  const words = new Set(texts.flatMap(modelWords));
  const wanted = modelWords(asked);
  const last = wanted.pop();
  if (last === undefined) throw new Error(`${asked} has no words`);
  return wanted.every((word) => words.has(word)) && [...words].some((word) => word.startsWith(last));
}
