import { asInput, safely } from "./reading.ts";

/** Pixels may be said to be any number of times as wide as high. */
const maxStillWidth = 8192;

const beginning = ["-nostdin", "-v", "error", "-threads", "2", ...safely] as const;
const asJpeg = ["-f", "image2pipe", "-c:v", "mjpeg", "-pix_fmt", "yuvj444p", "-q:v", "1", "pipe:1"] as const;

/**
 * The options with which FFmpeg writes a still to its standard output, as a JPEG.
 *
 * The time is looked for before the file is decoded, so that any of a long video takes as long. The first picture isn't
 * looked for: its time may be below 0.
 */
export function stillArguments(at: number, maxPixels: number): readonly string[] {
  return picturesArguments("0:V:0", maxPixels, at > 0 ? ["-ss", String(at)] : []);
}

/** The options with which FFmpeg writes the picture that is in an audio file: its cover. */
export function coverArguments(maxPixels: number): readonly string[] {
  return picturesArguments("0:v:0", maxPixels);
}

function picturesArguments(stream: string, maxPixels: number, from: readonly string[] = []): readonly string[] {
  return [
    ...[...beginning, "-max_pixels", String(maxPixels), ...from, ...asInput],
    ...["-map", stream, "-frames:v", "1"],
    // Pixels that aren't square are stretched to what is displayed.
    ...["-vf", `scale=w='max(1,min(${maxStillWidth},trunc(iw*sar)))':h=ih,setsar=1`],
    ...asJpeg,
  ];
}

const waveform = { width: 960, height: 540 } as const;
/** Calm on light and on dark pages. */
const ground = [0x34, 0x40, 0x50] as const;
const wave = [0x9d, 0xb8, 0xd8] as const;
/** An hour of sound takes some 5 seconds of processor time. */
const maxHeardSeconds = 3600;
/** Of each second, in FFmpeg's memory. A sound that is shorter than a quarter of a second doesn't fill the picture. */
const samplesPerSecond = 4000;

/**
 * The options with which FFmpeg draws the first hour of a sound: how loud it is, from the left to the right.
 *
 * FFmpeg keeps all samples that it draws until the end. So it draws the power of the sound, which needs fewer samples than
 * the sound itself.
 */
export function waveformArguments(): readonly string[] {
  const colours = ["r", "g", "b"].map((name, place) => {
    const [from = 0, to = 0] = [ground[place], wave[place]];
    return `${name}=${from}+val*${to - from}/255`;
  });
  const graph = [
    `[0:a:0]atrim=end=${maxHeardSeconds},aformat=sample_fmts=fltp:channel_layouts=mono,asplit[one][other]`,
    `[one][other]amultiply,aresample=${samplesPerSecond},asetnsamples=n=4096:p=0,apad=whole_len=${waveform.width}`,
  ];
  // The cube root shows quiet sounds too.
  const drawn = `showwavespic=s=${waveform.width}x${waveform.height}:colors=white:scale=cbrt`;
  return [
    ...[...beginning, ...asInput, "-filter_complex"],
    `${graph.join(";")},${drawn},format=rgb24,lutrgb=${colours.join(":")}[v]`,
    ...["-map", "[v]", "-frames:v", "1", ...asJpeg],
  ];
}
