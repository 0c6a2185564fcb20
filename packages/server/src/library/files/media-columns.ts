import type { VersionRow } from "../../database/repositories/files.ts";
import type { MediaFacts, TimedFacts } from "../../media/inspect/media-facts.ts";
import { fileTypeOf } from "./file-type.ts";

const noFacts = {
  width: null,
  height: null,
  orientation: null,
  has_alpha: null,
  pages: null,
  duration: null,
  bit_rate: null,
  video_codec: null,
  audio_codec: null,
  unreadable: null,
  embedded_metadata: null,
} satisfies Partial<VersionRow>;

type FactColumns = Pick<VersionRow, keyof typeof noFacts>;

/** The columns of a version's row that describe its bytes. */
export function mediaColumns(media: MediaFacts) {
  const { mime, kind } = media;
  return { mime, kind, file_type: fileTypeOf(kind), ...noFacts, ...factsOf(media) } satisfies Partial<VersionRow>;
}

/** The facts that files of a kind have, as far as they are known. */
function factsOf(media: MediaFacts): Partial<FactColumns> {
  switch (media.kind) {
    case "picture":
      return {
        width: media.width ?? null,
        height: media.height ?? null,
        orientation: media.orientation ?? null,
        has_alpha: media.hasAlpha === undefined ? null : media.hasAlpha ? 1 : 0,
        pages: media.pages ?? null,
        embedded_metadata: media.embeddedMetadata ?? null,
      };
    case "video":
      return {
        width: media.width ?? null,
        height: media.height ?? null,
        video_codec: media.videoCodec ?? null,
        ...soundFacts(media),
      };
    case "audio":
      return soundFacts(media);
    case "document":
    case "other":
      return {};
  }
}

function soundFacts({ duration, bitRate, audioCodec, embeddedMetadata }: TimedFacts): Partial<FactColumns> {
  return {
    duration: duration ?? null,
    bit_rate: bitRate ?? null,
    audio_codec: audioCodec ?? null,
    embedded_metadata: embeddedMetadata ?? null,
  };
}
