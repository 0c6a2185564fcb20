import type { AssetRow } from "../../database/repositories/assets.ts";

const shown: ReadonlySet<AssetRow["kind"]> = new Set(["picture", "document", "video", "audio"]);

/**
 * Whether the media API names a thumbnail of the file. The thumbnail of a document is its first page, that of a video a
 * still, and that of a sound its cover or its waveform.
 */
export function hasThumbnail({ kind }: Pick<AssetRow, "kind">): boolean {
  return shown.has(kind);
}
