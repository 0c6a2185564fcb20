import { MultipartError } from "./multipart-error.ts";

/** All inclusive. How large a body may be is for whoever reads it to say. */
export interface MultipartLimits {
  readonly parts: number;
  /** Bytes of one part's header lines, and of blanks behind one boundary. */
  readonly headerBytes: number;
  /** Bytes before the first boundary. They are ignored, as are those after the last. */
  readonly preambleBytes: number;
  /** Bytes after the closing boundary. */
  readonly epilogueBytes: number;
}

export const defaultMultipartLimits: MultipartLimits = Object.freeze({
  parts: 64,
  headerBytes: 16_384,
  preambleBytes: 16_384,
  epilogueBytes: 16_384,
});

export function enforceLimit(count: number, limit: number, unit: string): void {
  if (count > limit) throw new MultipartError("LIMIT", `${limit} ${unit}`);
}
