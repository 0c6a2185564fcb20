import type { AssetRow } from "../../database/repositories/assets.ts";

/** The MIME type of documents that aren't images, but have thumbnails. */
export const pdf = "application/pdf";

/** Whether the media API names a thumbnail of the file. The thumbnail of a PDF is its first page. */
export function hasThumbnail({ file_type: fileType, mime }: Pick<AssetRow, "file_type" | "mime">): boolean {
  return fileType === "image" || mime === pdf;
}
