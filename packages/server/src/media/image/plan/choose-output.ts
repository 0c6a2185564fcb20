import { type Numeric, settleParameters } from "@sluice/grammar";
import { MediaError } from "../../media-error.ts";
import { black, type Colour } from "../pixels/colour.ts";
import { refusing } from "./known-sizes.ts";
import type { SourceFacts, SourceFormat } from "./source-facts.ts";

export type OutputFormat = "jpeg" | "png" | "webp" | "avif" | "gif";

/** The values of `f`. The grammar's `jpg` is `jpeg` here. */
export type FormatParameter = "auto" | "orig" | "svg" | OutputFormat;

/**
 * These parameters say how the result is written. It doesn't matter which step said so
 * (docs/protocol/transformations.md §2.2).
 */
export interface OutputParameters {
  readonly format?: FormatParameter;
  /** A number from 1 to 100. */
  readonly quality?: number;
  readonly progressive?: boolean;
  readonly lossless?: boolean;
  readonly keepProfile?: boolean;
  readonly keepMetadata?: boolean;
  /** Dots per inch, or arithmetic with those of the source. */
  readonly density?: Numeric;
}

/** The formats of `f` in which an animation may play. */
export const playingFormats: ReadonlySet<FormatParameter> = new Set(["auto", "orig", "svg", "webp", "gif"]);

/** Whether a drawing isn't delivered as a drawing in this format. `f-gif` is ignored for anything but a GIF. */
export function isRaster(format: FormatParameter | undefined): boolean {
  return format !== undefined && !["auto", "orig", "svg", "gif"].includes(format);
}

export type ChromaSubsampling = "4:4:4" | "4:2:0";

/** An account's settings for delivering images (docs/protocol/delivery.md §14). */
export interface DeliverySettings {
  readonly bestFormat: boolean;
  readonly avif: boolean;
  readonly quality: number;
  readonly stripMetadata: boolean;
  readonly stripProfile: boolean;
  readonly autoOrient: boolean;
  /**
   * The subsampling applies to JPEGs. `auto` is 4:2:0 for photographs, and 4:4:4 for drawings, whose edges 4:2:0 would
   * smear.
   */
  readonly chromaSubsampling: "auto" | ChromaSubsampling;
  readonly pngCompression: "lossy" | "minimum" | "none";
}

export const defaultDelivery: DeliverySettings = Object.freeze({
  bestFormat: true,
  avif: false,
  quality: 80,
  stripMetadata: true,
  stripProfile: true,
  autoOrient: true,
  chromaSubsampling: "auto",
  pngCompression: "lossy",
});

/** The formats that a client says it accepts, apart from those that every client accepts. */
export interface AcceptedFormats {
  readonly webp: boolean;
  readonly avif: boolean;
}

export interface Output {
  /**
   * The picture is written in the first format that can hold it: WebP limits the longest side, and JPEG has no
   * transparency.
   */
  readonly formats: readonly [OutputFormat, ...OutputFormat[]];
  /** Whether the formats are of a kind that holds an animation. */
  readonly plays: boolean;
  readonly quality: number;
  readonly progressive: boolean;
  readonly lossless: boolean;
  readonly keep: "nothing" | "profile" | "everything";
  readonly density: number | undefined;
  /** Laid under transparent pixels when the only format has no transparency. */
  readonly background: Colour;
  readonly chromaSubsampling: ChromaSubsampling;
  readonly pngCompression: DeliverySettings["pngCompression"];
}

export interface OutputContext {
  readonly facts: SourceFacts;
  readonly accepted: AcceptedFormats;
  readonly settings: DeliverySettings;
  /** Laid under transparent pixels. */
  readonly background: Colour | undefined;
  /** Whether all frames of an animation are wanted. */
  readonly animated: boolean;
  /** Whether an effect excludes AVIF, unless AVIF is asked for. */
  readonly withoutAvif: boolean;
  /** Whether the transformation may come to ask for a raster format. A drawing is then drawn in any case. */
  readonly rasterAsked: boolean;
}

/** Decides how the result is written (docs/protocol/delivery.md §9.3, docs/protocol/transformations.md §6.1 and §8). */
export function chooseOutput(parameters: OutputParameters, context: OutputContext): Output {
  const { settings, background = black } = context;
  const keepMetadata = parameters.keepMetadata ?? !settings.stripMetadata;
  const keepProfile = parameters.keepProfile ?? !settings.stripProfile;
  const formats = candidates(parameters, context);
  return {
    formats,
    plays: playingFormats.has(formats[0]),
    quality: parameters.quality ?? settings.quality,
    progressive: parameters.progressive ?? false,
    lossless: parameters.lossless ?? false,
    keep: keepMetadata ? "everything" : keepProfile ? "profile" : "nothing",
    density: densityOf(parameters, context.facts),
    background,
    chromaSubsampling: chosenSubsampling(settings, context.facts),
    pngCompression: settings.pngCompression,
  };
}

/** @throws MediaError ETRANSFORMATION */
function densityOf({ density: dn }: OutputParameters, { density = unknownDensity }: SourceFacts): number | undefined {
  if (dn === undefined || typeof dn === "number") return dn;
  const settled = refusing(() => settleParameters({ dn }, { idn: density }));
  return typeof settled.dn === "number" ? settled.dn : undefined;
}

/** The density that a picture counts as having if it doesn't say its own. */
const unknownDensity = 72;

function chosenSubsampling(
  { chromaSubsampling }: DeliverySettings,
  { isDrawn }: Pick<SourceFacts, "isDrawn">,
): ChromaSubsampling {
  if (chromaSubsampling !== "auto") return chromaSubsampling;
  return isDrawn ? "4:4:4" : "4:2:0";
}

/** Whether the answer depends on the formats that the client accepts. Caches have to know that. */
export function negotiates(
  format: FormatParameter | undefined,
  source: SourceFormat | undefined,
  settings: Pick<DeliverySettings, "bestFormat">,
): boolean {
  return wantedFormat({ format }, source, settings) === "auto";
}

function candidates(parameters: OutputParameters, context: OutputContext): Output["formats"] {
  const source = context.facts.format;
  const wanted = wantedFormat(parameters, source, context.settings);
  if (wanted !== "auto" && wanted !== "orig" && wanted !== "svg") return [wanted];
  if (source === "svg" && context.rasterAsked) return automatic(parameters, context);
  if (source === "svg") {
    throw new MediaError("EINVALID", "A drawing stays as it is unless a raster format is asked for");
  }
  return wanted === "auto" ? automatic(parameters, context) : original(source);
}

/** `f-gif` applies to GIFs alone, and `f-svg` to SVGs alone. For other sources they are ignored. */
function wantedFormat(
  { format }: { readonly format?: FormatParameter | undefined },
  source: SourceFormat | undefined,
  { bestFormat }: Pick<DeliverySettings, "bestFormat">,
): FormatParameter {
  const applies = format !== undefined && ((format !== "gif" && format !== "svg") || format === source);
  if (applies) return format;
  return bestFormat ? "auto" : "orig";
}

function automatic(parameters: OutputParameters, context: OutputContext): Output["formats"] {
  const { facts, accepted, settings, animated, withoutAvif } = context;
  if (animated) return accepted.webp ? ["webp", "gif"] : ["gif"];
  const avif = accepted.avif && settings.avif && !parameters.keepProfile && !withoutAvif;
  const better: OutputFormat[] = [];
  if (avif && facts.format !== "heic") better.push("avif");
  if (accepted.webp) better.push("webp");
  return withFallback(better);
}

function withFallback(better: readonly OutputFormat[]): Output["formats"] {
  const [first, ...rest] = [...better, "jpeg" as const, "png" as const];
  return [first ?? "jpeg", ...rest];
}

/** A source of a format that isn't written becomes a JPEG or a PNG, which every client accepts. */
function original(source: Exclude<SourceFormat, "svg">): Output["formats"] {
  return isWritten(source) ? [source] : ["jpeg", "png"];
}

function isWritten(source: Exclude<SourceFormat, "svg">): source is OutputFormat {
  return !["tiff", "heic", "pdf", "psd"].includes(source);
}
