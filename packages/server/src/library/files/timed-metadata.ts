import type { TimedMetadata } from "@sluice/protocol/schemas";
import type { AssetRow } from "../../database/repositories/assets.ts";
import { formatOf } from "../../database/search-index/formats.ts";
import { isRead, type VideoFacts } from "../../media/inspect/media-facts.ts";

/** The members of answers that tell of a video or a sound. Those that aren't known are left out. */
export function timedFacts({
  bit_rate,
  duration,
  audio_codec,
  video_codec,
}: Pick<AssetRow, "bit_rate" | "duration" | "audio_codec" | "video_codec">) {
  return {
    ...(bit_rate === null ? {} : { bitRate: bit_rate }),
    ...(duration === null ? {} : { duration }),
    ...(audio_codec === null ? {} : { audioCodec: audio_codec }),
    ...(video_codec === null ? {} : { videoCodec: video_codec }),
  };
}

interface TimedFile extends Omit<VideoFacts, "kind"> {
  readonly size: number;
}

/**
 * The metadata of a video or a sound (docs/protocol/media-api.md §2.3).
 * @returns undefined for one that nothing has read
 */
export function timedMetadata({ mime, size, ...facts }: TimedFile): TimedMetadata | undefined {
  if (!isRead(facts)) return undefined;
  const { height, width, bitRate, duration, audioCodec, videoCodec } = facts;
  return {
    ...(height !== undefined && { height }),
    ...(width !== undefined && { width }),
    size,
    ...formatMember(mime),
    ...(bitRate !== undefined && { bitRate }),
    ...(duration !== undefined && { duration }),
    ...(audioCodec !== undefined && { audioCodec }),
    ...(videoCodec !== undefined && { videoCodec }),
  };
}

/** The same of a version, from the facts that are stored with it. */
export function storedTimedMetadata(
  version: Pick<
    AssetRow,
    "mime" | "size" | "width" | "height" | "bit_rate" | "duration" | "audio_codec" | "video_codec"
  >,
): TimedMetadata | undefined {
  const { mime, size, width, height } = version;
  const pixels = { ...(width !== null && { width }), ...(height !== null && { height }) };
  return timedMetadata({ mime, size, ...pixels, ...timedFacts(version) });
}

function formatMember(mime: string): Pick<TimedMetadata, "format"> {
  const format = formatOf({ mime, kind: "video", name: "" });
  return format === null ? {} : { format };
}
