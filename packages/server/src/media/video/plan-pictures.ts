import type { Layer, ParameterStep } from "@sluice/grammar";
import type { Size } from "../image/pixels/geometry.ts";
import { refusing } from "../image/plan/known-sizes.ts";
import { undecodableLayer } from "../image/plan/layer-steps.ts";
import { placeLayer } from "../image/plan/place-layer.ts";
import { readPlacement } from "../image/plan/read-placement.ts";
import { MediaError } from "../media-error.ts";
import { type Chain, FilterGraph, type FurtherFile } from "./filter-graph.ts";
import { type Base, decideConditions, type Films, type Planning, type Sound, valuesFor } from "./planning.ts";
import { readSubtitleStyle } from "./subtitles/subtitle-style.ts";
import { drawnOver, planFraming, refuseLarge, type VideoLimits } from "./video-filters.ts";
import { invalid, readLayerSpan, readSpan, readVideoOutput, type Span, wholeOf } from "./video-request.ts";

/** What is done to the pictures of a video, and what lies on it. */
export interface PlannedPictures {
  /** A graph of FFmpeg's filters from `[0:V:0]` to `[v]`. Nothing in it is a user's text. */
  readonly filters: string;
  readonly size: Size;
  /** What the graph reads besides the video, in the order of the descriptors. */
  readonly files: readonly FurtherFile[];
  /** The sounds of videos that lie on it. */
  readonly sounds: readonly Sound[];
}

/** Makes the pixels of a decoded video square. */
const squarePixels = ["scale=w='max(1,trunc(iw*sar))':h=ih", "setsar=1"] as const;

/**
 * Plans what is done to the pictures of a video. What is written at last has even sides, as its colours are stored for
 * two by two pixels.
 * @param steps without conditions
 * @throws MediaError ETRANSFORMATION, ELIMIT
 */
export function planPictures(
  steps: readonly ParameterStep[],
  base: Base,
  films: Films,
  limits: VideoLimits,
): PlannedPictures {
  refuseLarge(base.initial, limits);
  const graph = new FilterGraph(limits.layers);
  const planning: Planning = { limits, graph, films, sounds: [] };
  const start: Chain = { from: "[0:V:0]", filters: squarePixels, size: base.initial, alpha: false };
  const { size, ...chain } = planSteps(steps, start, base, planning);
  refuseManyPixels(graph.files, films, limits);
  const even = { width: evenOf(size.width), height: evenOf(size.height) };
  const last = [`scale=${even.width}:${even.height}`, "setsar=1", "format=yuv420p"];
  graph.end({ ...chain, filters: [...chain.filters, ...last] }, "[v]");
  return { filters: graph.text, size: even, files: graph.files, sounds: planning.sounds };
}

/** The videos are decoded side by side. @throws MediaError ELIMIT */
function refuseManyPixels(files: readonly FurtherFile[], films: Films, { pixels }: VideoLimits): void {
  const sizes = files.flatMap((file) => (file.kind === "video" ? [films.get(file.path)?.size] : []));
  const sum = sizes.reduce((all, { width, height } = { width: 0, height: 0 }) => all + width * height, 0);
  if (sum > pixels) throw new MediaError("ELIMIT", `The layers have more than ${pixels} pixels together`);
}

/** Plans steps one after the other, each with its layers. @throws MediaError ETRANSFORMATION, ELIMIT */
function planSteps(steps: readonly ParameterStep[], start: Chain, base: Base, planning: Planning): Chain {
  return steps.reduce((before, { parameters, layers }) => {
    const framed = planFraming(parameters, valuesFor(base, before.size), before, planning);
    const covered = layers.reduce((below, layer) => layOver(below, layer, base, planning), framed);
    refuseLarge(covered.size, planning.limits);
    return covered;
  }, start);
}

function layOver(below: Chain, layer: Layer, base: Base, planning: Planning): Chain {
  if (layer.kind === "video") return layVideo(below, layer, base, planning);
  const { duration, seconds, start } = base;
  const seen = readLayerSpan(layer.placement, { initial: duration, base: seconds });
  if (layer.kind !== "subtitles") {
    return drawnOver(below, { kind: "layer", layer }, planning.graph, timesOf(seen));
  }
  const { path } = layer;
  const style = readSubtitleStyle(layer, below.size);
  const file = { kind: "subtitles", path, style, size: below.size, offset: start, seen } as const;
  const { descriptor } = planning.graph.read(file);
  return { ...below, filters: [...below.filters, `ass=filename=/dev/fd/${descriptor}`] };
}

/**
 * Lays a video over another one: the part of it that is asked for, from `lso` until the part, the layer's time or the video
 * below ends. Its sound is heard with that of the video below.
 * @throws MediaError ETRANSFORMATION, ELIMIT, ELAYER
 */
function layVideo(below: Chain, layer: Layer & { readonly path: string }, base: Base, planning: Planning): Chain {
  const { graph, films, limits, sounds } = planning;
  const { path, placement } = layer;
  const film = films.get(path);
  if (film?.size === undefined || film.duration === undefined) throw new MediaError("ELAYER", undecodableLayer(path));
  if (base.seconds === undefined)
    throw invalid("The video doesn't tell how long it takes, so l-video can't lie on it.");
  const { size: initial, duration } = film;
  const steps = decideConditions(layer.steps, { initial, parent: below.size }, limits);
  const whole = wholeOf({ steps });
  const { video, audio } = readVideoOutput(whole);
  if (video === undefined) throw invalid("vc-none is not available in l-video.");
  const part = readSpan(whole, duration, base.seconds);
  const seen = readLayerSpan(placement, { initial: duration, base: base.seconds });
  const seconds = Math.min(
    part.duration ?? duration - part.start,
    seen.duration ?? Number.POSITIVE_INFINITY,
    base.seconds - seen.start,
  );
  // It would appear when the video below has ended.
  if (seconds <= 0) return below;
  const isMute = base.isMute || audio === undefined;
  const own: Base = {
    ...{ initial, duration, seconds, start: part.start, shownAt: base.shownAt + seen.start, isMute },
    parent: below.size,
  };
  const { input } = graph.read({ kind: "video", path, start: part.start, duration: seconds });
  const start: Chain = { from: `[${input}:V:0]`, filters: squarePixels, size: initial, alpha: true };
  const chain = planSteps(steps, start, own, planning);
  if (film.hasSound && !isMute) sounds.push({ input, delay: own.shownAt });
  const position = refusing(() =>
    placeLayer(readPlacement(placement), { parent: below.size, layer: chain.size, initial }),
  );
  const shifted = seen.start === 0 ? [] : [`setpts=PTS+${seen.start.toFixed(3)}/TB`];
  const over = graph.end({ ...chain, filters: [...chain.filters, ...shifted] });
  const { left, top } = position;
  // Colours are stored for two by two pixels, so an odd place takes a format that stores them for each.
  const format = left % 2 === 0 && top % 2 === 0 ? "" : ":format=yuv444";
  return { ...below, from: `${graph.end(below)}${over}`, filters: [`overlay=${left}:${top}:eof_action=pass${format}`] };
}

/** When a picture lies on the video, as an option of the filter. */
function timesOf({ start, duration }: Span): string {
  if (start === 0 && duration === undefined) return "";
  const end = duration === undefined ? "" : `*lt(t,${(start + duration).toFixed(3)})`;
  return `:enable='gte(t,${start.toFixed(3)})${end}'`;
}

function evenOf(side: number): number {
  return Math.max(2, side - (side % 2));
}
