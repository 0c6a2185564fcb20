import type { AssetRow } from "../../database/repositories/assets.ts";

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
