import { maxPages, uncountablePages } from "../../inspect/count-pages.ts";
import { MediaError } from "../../media-error.ts";
import type { ImageSource } from "../image-source.ts";

/** @throws MediaError ELIMIT for a source that has too many frames or pages, even if only one of them is wanted */
export function refuseManyPages({ pages }: Pick<ImageSource, "pages">): void {
  if (pages === uncountablePages) throw manyParts();
  if (typeof pages === "number" && pages > maxPages) {
    throw new MediaError("ELIMIT", `The image has more than ${maxPages} frames or pages`);
  }
}

export function manyParts(): MediaError {
  return new MediaError("ELIMIT", "The image has more parts than this server reads");
}
