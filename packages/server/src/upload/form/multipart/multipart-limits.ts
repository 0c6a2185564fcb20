import { MultipartError } from "./multipart-error.ts";

/** The limits are inclusive. The reader of a body limits its size. */
export interface MultipartLimits {
  readonly parts: number;
  /** Bytes of one part's header lines, and bytes of blanks after one boundary. */
  readonly headerBytes: number;
  /** Bytes before the first boundary. They are ignored, as are the bytes after the last one. */
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
