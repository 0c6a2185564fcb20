import type { InputFile } from "../command/command.ts";
import { libav, noTime, numbers } from "../libav/libav.ts";
import type { Dictionary, Rational, Stream } from "../libav/native.ts";
import { Input } from "./input.ts";
import { rotationOf } from "./rotation.ts";

/** Reads what a file says of itself, under the names that ffprobe has for it. */
export function readFacts(file: InputFile): object {
  const { context, streams } = new Input(file);
  for (const stream of streams) assertAllowed(stream, file);
  const { duration, bitRate } = context;
  return {
    streams: streams.map(streamFacts),
    format: {
      format_name: context.iformat?.name ?? undefined,
      duration: duration === noTime ? undefined : String(Number(duration) / 1e6),
      bit_rate: bitRate > 0n ? String(bitRate) : undefined,
      tags: tagsOf(context.metadata),
    },
  };
}

/** As FFmpeg's own program, which opens a decoder for each stream. */
function assertAllowed({ codecpar }: Stream, { container }: InputFile): void {
  const { codec_whitelist: allowed } = container;
  const name = libav.Codec.findDecoder(codecpar.codecId)?.name;
  if (allowed === undefined || name == null || allowed.split(",").includes(name)) return;
  throw new Error(`Codec (${name}) not on whitelist`);
}

const typeNames: Readonly<Record<number, string>> = { [numbers.video]: "video", [numbers.audio]: "audio" };

function streamFacts(stream: Stream): object {
  const { index, codecpar, timeBase, duration, disposition, avgFrameRate, sampleAspectRatio, metadata } = stream;
  const rotation = rotationOf(stream);
  return {
    index,
    codec_type: typeNames[codecpar.codecType] ?? "data",
    codec_name: libav.avGetCodecName(codecpar.codecId) ?? undefined,
    duration: duration === noTime ? undefined : String((Number(duration) * timeBase.num) / timeBase.den),
    disposition: { attached_pic: (disposition & numbers.attachedPicture) === 0 ? 0 : 1 },
    tags: tagsOf(metadata),
    ...(codecpar.codecType === numbers.video && {
      width: codecpar.width,
      height: codecpar.height,
      sample_aspect_ratio: sampleAspectRatio.num > 0 ? ratio(sampleAspectRatio, ":") : undefined,
      avg_frame_rate: ratio(avgFrameRate, "/"),
      ...(rotation !== undefined && { side_data_list: [{ rotation: Math.round(rotation) }] }),
    }),
    ...(codecpar.codecType === numbers.audio && { channels: codecpar.channels }),
  };
}

function ratio({ num, den }: Rational, between: string): string {
  return `${num}${between}${den}`;
}

function tagsOf(metadata: Dictionary | null): Record<string, string> {
  return metadata?.getAll() ?? {};
}
