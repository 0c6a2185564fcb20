/** The URL of the file's current version, without a query (docs/protocol/upload.md §11). */
export function assetUrl(publicUrl: string, imagekitId: string, folderPath: string, name: string): string {
  return `${publicUrl}/${imagekitId}${encodePath(folderPath, name)}`;
}

/** The same URL with the built-in thumbnail in the path, as in upload responses (docs/protocol/delivery.md §8.1). */
export function thumbnailUrl(publicUrl: string, imagekitId: string, folderPath: string, name: string): string {
  return `${publicUrl}/${imagekitId}/tr:${thumbnailTransformation}${encodePath(folderPath, name)}`;
}

/** The built-in named transformation for thumbnails (docs/protocol/delivery.md §8.1). */
export const thumbnailTransformation = "n-ik_ml_thumbnail";

function encodePath(folderPath: string, name: string): string {
  const segments = [...folderPath.split("/").filter(Boolean), name];
  return segments.map((segment) => `/${encodeURIComponent(segment)}`).join("");
}
