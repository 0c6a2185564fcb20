import { parseSize } from "./parse-size.ts";
import type { Values } from "./texts.ts";
import type { Words } from "./words.ts";

export interface Limits {
  readonly accept: string;
  readonly maxSize: string;
  readonly minWidth: number;
  readonly minHeight: number;
  readonly maxWidth: number;
  readonly maxHeight: number;
}

/** The reason why the element refuses a file before sending it: the name of a text and the text's values. */
export interface Problem {
  readonly reason: string;
  readonly values?: Values;
}

/** Checks a file before the upload. This only spares the user the wait: the server judges by the bytes. */
export async function checkFile(file: File, limits: Limits, words: Words): Promise<Problem | undefined> {
  const { minWidth, minHeight, maxWidth, maxHeight } = limits;
  const max = parseSize(limits.maxSize);
  if (!isAccepted(file, limits.accept)) return { reason: "wrongType", values: { types: words.types() } };
  if (file.size === 0) return { reason: "empty" };
  if (file.size > max) return { reason: "tooLarge", values: { max: words.size(max) } };
  const size = minWidth + minHeight + maxWidth + maxHeight > 0 ? await pictureSize(file) : undefined;
  if (size === undefined) return undefined;
  const { width, height } = size;
  if (width < minWidth || height < minHeight) {
    return { reason: "tooFewPixels", values: { ...size, min: `${minWidth} × ${minHeight}` } };
  }
  if (width > (maxWidth || width) || height > (maxHeight || height)) {
    return { reason: "tooManyPixels", values: { ...size, max: `${maxWidth || "∞"} × ${maxHeight || "∞"}` } };
  }
  return undefined;
}

/**
 * Matches a file as an input's `accept` does. If `accept` asks for a media type, a file whose type the browser doesn't
 * know passes.
 */
export function isAccepted({ name, type }: Pick<File, "name" | "type">, accept: string): boolean {
  const isWanted = (entry: string): boolean =>
    entry.startsWith(".")
      ? name.toLowerCase().endsWith(entry)
      : !type || entry === type || (entry.endsWith("/*") && type.startsWith(entry.slice(0, -1)));
  return (
    !accept ||
    accept
      .toLowerCase()
      .split(/[\s,]+/)
      .some(isWanted)
  );
}

/**
 * Returns the size of a picture as displayed. Returns undefined for a file that isn't a picture or that this browser
 * can't show.
 */
async function pictureSize(file: File): Promise<{ width: number; height: number } | undefined> {
  try {
    const picture = await createImageBitmap(file);
    const { width, height } = picture;
    picture.close();
    return { width, height };
  } catch {
    return undefined;
  }
}
