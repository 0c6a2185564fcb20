import { asInput, safely } from "./reading.ts";

/** Pixels may be said to be any number of times as wide as high. */
const maxStillWidth = 8192;

/**
 * The options with which FFmpeg writes a still to its standard output, as a JPEG.
 *
 * The time is looked for before the file is decoded, so that any of a long video takes as long. The first picture isn't
 * looked for: its time may be below 0.
 */
export function stillArguments(at: number, maxPixels: number): readonly string[] {
  return [
    ...["-nostdin", "-v", "error", "-threads", "2", ...safely, "-max_pixels", String(maxPixels)],
    ...(at > 0 ? ["-ss", String(at)] : []),
    ...asInput,
    ...["-map", "0:V:0", "-frames:v", "1"],
    // Pixels that aren't square are stretched to what is displayed.
    ...["-vf", `scale=w='max(1,min(${maxStillWidth},trunc(iw*sar)))':h=ih,setsar=1`],
    ...["-f", "image2pipe", "-c:v", "mjpeg", "-pix_fmt", "yuvj444p", "-q:v", "1", "pipe:1"],
  ];
}
