import type { AssetRow } from "../../database/repositories/assets.ts";
import type { VersionRow } from "../../database/repositories/files.ts";

/** The kind of a file in the terms of the wire, which sets pictures apart from everything else. */
export function fileTypeOf(kind: VersionRow["kind"]): "image" | "non-image" {
  return kind === "picture" ? "image" : "non-image";
}

const shown: ReadonlySet<AssetRow["kind"]> = new Set(["picture", "document", "video", "audio"]);

/**
 * Whether the media API names a thumbnail of the file. The thumbnail of a document is its first page, that of a video a
 * still, and that of a sound its cover or its waveform.
 */
export function hasThumbnail({ kind }: Pick<AssetRow, "kind">): boolean {
  return shown.has(kind);
}
