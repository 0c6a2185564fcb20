import { spawnSync } from "node:child_process";

interface Stream {
  readonly codec_type: string;
  readonly codec_name: string;
  readonly width?: number;
  readonly height?: number;
}

/** What FFmpeg reads in the bytes of a video: FFmpeg's names of the codecs, null where there is no such stream. */
export function probedVideo(bytes: Buffer) {
  const options = ["-v", "error", "-of", "json", "-show_streams", "-show_format", "-"];
  const { stdout, stderr, status } = spawnSync("ffprobe", options, { input: bytes, encoding: "utf8" });
  if (status !== 0) throw new Error(`ffprobe can't read the answer: ${stderr}`);
  const { streams, format }: { streams: readonly Stream[]; format: { readonly duration: string } } = JSON.parse(stdout);
  const of = (type: string) => streams.find(({ codec_type }) => codec_type === type);
  const picture = of("video");
  return {
    width: picture?.width,
    height: picture?.height,
    seconds: Number(format.duration),
    videoCodec: picture?.codec_name ?? null,
    audioCodec: of("audio")?.codec_name ?? null,
  };
}
