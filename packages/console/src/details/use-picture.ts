import { here, type LibraryFile, withTransformation } from "../library/library-file.ts";
import { isOpen, sidedLink, usePreviewLink } from "../previews/preview-links.ts";

/**
 * The address of a picture of the file, or of one of its versions, that fits into a square.
 * @param side pixels
 * @returns undefined while it isn't known; null where there will be none
 */
export function usePicture(file: LibraryFile, side: number): string | null | undefined {
  const open = isOpen(file);
  const link = usePreviewLink(open ? undefined : file.versionInfo.id);
  if (open) return withTransformation(here(file.url), `w-${side},h-${side},c-at_max`);
  return link && sidedLink(link, side);
}
