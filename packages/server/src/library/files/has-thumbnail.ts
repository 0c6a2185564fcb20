import type { AssetRow } from "../../database/repositories/assets.ts";

/**
 * Whether the media API names a thumbnail of the file. The thumbnail of a document is its first page, and that of a video
 * a still.
 */
export function hasThumbnail({ kind }: Pick<AssetRow, "kind">): boolean {
  return kind === "picture" || kind === "document" || kind === "video";
}
