import { decoders } from "./decoders.ts";

/** The descriptor on which the programs get the file: the first behind the standard ones. */
const input = 3;
/** The descriptor of the first file that is read besides it. */
export const firstFurther = input + 1;

/**
 * The formats that are read. None of them names other files that FFmpeg would open, as playlists, `concat`, DASH and SDP
 * do.
 */
const formats = [
  ...["mov", "mp4", "m4a", "3gp", "3g2", "mj2", "matroska", "webm", "avi", "mpegts", "mpeg", "mpegvideo", "ogg", "flv"],
  ...["asf", "mxf", "rm", "wav", "mp3", "flac", "aac", "aiff", "au", "caf", "amr", "ac3", "eac3", "gif", "m4v", "h264"],
].join(",");

/** The options with which the file is opened, whatever it is. */
export const safely = [
  ...["-protocol_whitelist", "fd,pipe"],
  ...["-format_whitelist", formats],
  ...["-codec_whitelist", decoders],
  ...["-max_streams", "64"],
] as const;

/** The options that name the file. */
export const asInput = ["-fd", String(input), "-i", "fd:"] as const;

/** The options that name another video, of which a part is read. Times are in seconds. */
export function asVideo(
  descriptor: number,
  { start, duration }: { readonly start: number; readonly duration: number },
  maxPixels: number,
): readonly string[] {
  const part = [...(start > 0 ? ["-ss", start.toFixed(6)] : []), "-t", duration.toFixed(6)];
  return [
    "-threads",
    "2",
    ...safely,
    "-max_pixels",
    String(maxPixels),
    ...part,
    "-fd",
    String(descriptor),
    "-i",
    "fd:",
  ];
}

/** The options that name a picture, which the server has made. */
export function asPicture(descriptor: number): readonly string[] {
  return [
    ...["-protocol_whitelist", "fd,pipe", "-format_whitelist", "png_pipe", "-codec_whitelist", "png"],
    ...["-f", "png_pipe"],
    ...["-fd", String(descriptor), "-i", "fd:"],
  ];
}
