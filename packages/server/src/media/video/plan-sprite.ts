import type { Dimension, Transformation } from "@sluice/grammar";
import type { Size } from "../image/pixels/geometry.ts";
import type { ProbedFacts } from "./probed-facts.ts";
import { asInput, safely } from "./reading.ts";
import { invalid } from "./video-request.ts";

/** A sprite: stills of a whole video, in equal spans of time, as tiles of one picture. */
export interface Sprite {
  /** Each tile stands for this many seconds. */
  readonly spanSeconds: number;
  readonly count: number;
  readonly columns: number;
  readonly rows: number;
  readonly tile: Size;
  /** In seconds. */
  readonly duration: number;
  /** Whether the stills are key frames alone, so that the rest needn't be decoded. */
  readonly isSparse: boolean;
}

const maxTiles = 100;
const maxColumns = 10;
const minSpanSeconds = 0.5;
const standardSide = 160;
const minSide = 8;
const maxSide = 320;
/**
 * All frames of a video are decoded where its pixels and its seconds make no more than a minute in Full HD. How many frames
 * a second has is not told.
 */
const maxDecoded = 1920 * 1080 * 60;

/**
 * Reads the box into which each tile fits: `w` and `h`, in pixels (docs/protocol/delivery.md §1.4).
 * @throws MediaError ETRANSFORMATION for everything else that a transformation may say
 */
export function readTileBox({ steps }: Transformation): Size {
  const box = { width: standardSide, height: standardSide };
  for (const step of steps) {
    if (step.kind !== "parameters" || step.layers.length > 0) throw invalid("A sprite takes w and h alone.");
    const { w, h, ...others } = step.parameters;
    const [other] = Object.keys(others);
    if (other !== undefined) throw invalid(`A sprite takes w and h alone: ${other} has no meaning there.`);
    if (w !== undefined) box.width = sideOf("w", w);
    if (h !== undefined) box.height = sideOf("h", h);
  }
  return box;
}

function sideOf(name: "w" | "h", value: Dimension): number {
  const pixels = value.kind === "pixels" ? value.pixels : 0;
  if (pixels < minSide || pixels > maxSide) {
    throw invalid(`${name} of a sprite is the size of a tile: a whole number from ${minSide} to ${maxSide}.`);
  }
  return pixels;
}

/**
 * Plans the sprite of a video.
 * @throws MediaError ETRANSFORMATION where the file doesn't tell what is needed
 */
export function planSprite({ width, height, duration }: ProbedFacts, box: Size): Sprite {
  if (width === undefined || height === undefined) throw invalid("The file has no picture.");
  if (duration === undefined) throw invalid("The video doesn't tell how long it takes.");
  const count = Math.max(1, Math.min(maxTiles, Math.floor(duration / minSpanSeconds)));
  const columns = Math.min(maxColumns, count);
  const scale = Math.min(box.width / width, box.height / height);
  return {
    spanSeconds: duration / count,
    count,
    columns,
    rows: Math.ceil(count / columns),
    // Colours are stored for two by two pixels, and must not run from one tile into the next.
    tile: { width: evenSide(width * scale), height: evenSide(height * scale) },
    duration,
    isSparse: width * height * duration > maxDecoded,
  };
}

function evenSide(side: number): number {
  return Math.max(2, 2 * Math.round(side / 2));
}

/** The options with which FFmpeg writes the sprite to its standard output, as a JPEG. */
export function spriteArguments(sprite: Sprite, maxPixels: number): readonly string[] {
  const { count, columns, rows, tile, duration, isSparse } = sprite;
  const filters = [
    // The frame in the middle of each span, or the last one before it. What a file says of its times repeats frames at most.
    `fps=${count * 1000}/${Math.max(1, Math.round(duration * 1000))}:start_time=0`,
    `scale=${tile.width}:${tile.height}`,
    "setsar=1",
    // The picture may end before the sound.
    "tpad=stop=-1:stop_mode=clone",
    `tile=${columns}x${rows}:nb_frames=${count}`,
  ];
  return [
    ...["-nostdin", "-v", "error", "-threads", "2", ...safely, "-max_pixels", String(maxPixels)],
    ...(isSparse ? ["-skip_frame", "nokey"] : []),
    ...asInput,
    ...["-map", "0:V:0", "-frames:v", "1", "-vf", filters.join(",")],
    ...["-f", "image2pipe", "-c:v", "mjpeg", "-pix_fmt", "yuvj420p", "-q:v", "5", "pipe:1"],
  ];
}

/**
 * Writes where the still of each span stands in the sprite: WebVTT with media fragments, as players read it
 * (W3C Media Fragments §4.2.2).
 * @param address of the sprite, as it stands in a URL
 */
export function spritePlaces({ spanSeconds, count, columns, tile, duration }: Sprite, address: string): string {
  const cues = Array.from({ length: count }, (_, index) => {
    const [left, top] = [(index % columns) * tile.width, Math.floor(index / columns) * tile.height];
    const end = index === count - 1 ? duration : (index + 1) * spanSeconds;
    const times = `${timeText(index * spanSeconds)} --> ${timeText(end)}`;
    return `${times}\n${address}#xywh=${left},${top},${tile.width},${tile.height}\n`;
  });
  return `WEBVTT\n\n${cues.join("\n")}`;
}

/** A time as WebVTT has it: `00:01:02.500`. */
function timeText(seconds: number): string {
  const milliseconds = Math.round(seconds * 1000);
  const [hours, minutes] = [Math.floor(milliseconds / 3_600_000), Math.floor(milliseconds / 60_000) % 60];
  const rest = ((milliseconds % 60_000) / 1000).toFixed(3).padStart(6, "0");
  return `${padded(hours)}:${padded(minutes)}:${rest}`;
}

function padded(part: number): string {
  return String(part).padStart(2, "0");
}
