/** One entry of an asset's `AITags` (docs/protocol/media-api.md §2.1). */
export interface AiTagEntry {
  readonly name: string;
  /** A number from 0 to 100. */
  readonly confidence: number;
  /** The extension that found the tag. */
  readonly source: string;
}

export function readAiTags(json: string | null): readonly AiTagEntry[] {
  return json === null ? [] : (JSON.parse(json) as AiTagEntry[]);
}

export function writeAiTags(tags: readonly AiTagEntry[]): string | null {
  return tags.length === 0 ? null : JSON.stringify(tags);
}

/** The tags that an extension finds replace those that it found before. Tags of other extensions stay. */
export function mergeAiTags(
  before: string | null,
  source: string,
  found: readonly Pick<AiTagEntry, "name" | "confidence">[],
): string | null {
  const others = readAiTags(before).filter((tag) => tag.source !== source);
  const sorted = found
    .map(({ name, confidence }) => ({ name, confidence, source }))
    .sort((one, other) => other.confidence - one.confidence);
  return writeAiTags([...others, ...sorted]);
}

/** @param names the tags' names, or all of them */
export function withoutAiTags(before: string | null, names: readonly string[] | "all"): string | null {
  if (names === "all") return null;
  return writeAiTags(readAiTags(before).filter(({ name }) => !names.includes(name)));
}
