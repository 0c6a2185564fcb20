import type { VersionRow } from "../../database/repositories/files.ts";
import type { MediaFacts } from "../../media/inspect/inspect-media.ts";

/** The columns of a version's row that describe its bytes. */
export function mediaColumns(media: MediaFacts) {
  return {
    mime: media.mime,
    file_type: media.fileType,
    width: media.width ?? null,
    height: media.height ?? null,
    orientation: media.orientation ?? null,
    has_alpha: media.hasAlpha === undefined ? null : media.hasAlpha ? 1 : 0,
    pages: media.pages ?? null,
    embedded_metadata: media.embeddedMetadata ?? null,
  } as const satisfies Partial<VersionRow>;
}
