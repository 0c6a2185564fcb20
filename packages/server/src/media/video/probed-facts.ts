import { takenAtAndWhere } from "./taken.ts";

/** What a video or a sound says of itself. Facts that it doesn't tell are missing. */
export interface ProbedFacts {
  /** Pixels as displayed: turned as the file says, and with square pixels. */
  readonly width?: number;
  readonly height?: number;
  /** In seconds. */
  readonly duration?: number;
  /** Bits per second, of the whole file. */
  readonly bitRate?: number;
  readonly videoCodec?: string;
  readonly audioCodec?: string;
  readonly frameRate?: number;
  readonly channels?: number;
  /** When and where it was taken, as JSON of the members that a picture's own metadata have. */
  readonly embeddedMetadata?: string;
}

interface Stream {
  readonly codec_type?: unknown;
  readonly codec_name?: unknown;
  readonly width?: unknown;
  readonly height?: unknown;
  readonly sample_aspect_ratio?: unknown;
  readonly avg_frame_rate?: unknown;
  readonly duration?: unknown;
  readonly channels?: unknown;
  readonly disposition?: { readonly attached_pic?: unknown };
  readonly side_data_list?: readonly { readonly rotation?: unknown }[];
}

/** The largest side and the longest time that are believed. */
const maxSide = 65_535;
const maxSeconds = 100 * 24 * 3600;

/** Reads what `ffprobe -of json` says. Nothing of it is trusted: what isn't a number in its bounds is left out. */
export function readProbe(text: string): ProbedFacts | undefined {
  const told = parse(text);
  if (told === undefined) return undefined;
  const video = told.streams.find(
    ({ codec_type: type, disposition }) => type === "video" && !disposition?.attached_pic,
  );
  const audio = told.streams.find(({ codec_type: type }) => type === "audio");
  if (video === undefined && audio === undefined) return undefined;
  const duration = numberIn(told.format.duration, 0.001, maxSeconds) ?? numberIn(video?.duration, 0.001, maxSeconds);
  return defined({
    ...(video && displayedSize(video)),
    duration,
    bitRate: numberIn(told.format.bit_rate, 1, Number.MAX_SAFE_INTEGER),
    videoCodec: nameOf(video),
    audioCodec: nameOf(audio),
    frameRate: rateOf(video?.avg_frame_rate),
    channels: numberIn(audio?.channels, 1, 64),
    embeddedMetadata: takenAtAndWhere(told.format.tags),
  });
}

function parse(text: string) {
  try {
    const { streams = [], format = {} } = JSON.parse(text) as { streams?: Stream[]; format?: Record<string, unknown> };
    return Array.isArray(streams) ? { streams, format } : undefined;
  } catch {
    return undefined;
  }
}

function displayedSize(video: Stream): { width?: number; height?: number } {
  const [width, height] = [numberIn(video.width, 1, maxSide), numberIn(video.height, 1, maxSide)];
  if (width === undefined || height === undefined) return {};
  const [across = 1, down = 1] = String(video.sample_aspect_ratio ?? "1:1")
    .split(":")
    .map(Number);
  const ratio = across > 0 && down > 0 ? across / down : 1;
  const square = { width: Math.min(maxSide, Math.max(1, Math.round(width * ratio))), height };
  const turn = video.side_data_list?.map(({ rotation }) => Number(rotation)).find(Number.isFinite) ?? 0;
  return Math.abs(turn) % 180 === 90 ? { width: square.height, height: square.width } : square;
}

function nameOf(stream: Stream | undefined): string | undefined {
  const name = stream?.codec_name;
  return typeof name === "string" && /^[a-z0-9_]{1,32}$/.test(name) ? name : undefined;
}

function rateOf(text: unknown): number | undefined {
  const [frames = 0, seconds = 0] = String(text ?? "")
    .split("/")
    .map(Number);
  return numberIn(Math.round((frames / seconds) * 1000) / 1000, 0.001, 1000);
}

function numberIn(value: unknown, least: number, most: number): number | undefined {
  const number = typeof value === "string" || typeof value === "number" ? Number(value) : Number.NaN;
  return number >= least && number <= most ? number : undefined;
}

/** Leaves out the members that are undefined. */
function defined(facts: { [Key in keyof ProbedFacts]: ProbedFacts[Key] | undefined }): ProbedFacts {
  return Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== undefined));
}
