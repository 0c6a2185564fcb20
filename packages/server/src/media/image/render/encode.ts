import type { CreateRaw, Sharp } from "sharp";
import sharp from "sharp";
import { MediaError } from "../../media-error.ts";
import { contentTypes } from "../content-types.ts";
import { type Frames, frameBytesPerPixel, frameImage } from "../pixels/frames.ts";
import type { Size } from "../pixels/geometry.ts";
import type { Work } from "../pixels/work.ts";
import type { Output, OutputFormat } from "../plan/choose-output.ts";
import type { SourceFacts } from "../plan/source-facts.ts";
import {
  type EncoderContext,
  effortFor,
  encoderBytesPerPixel,
  encoders,
  isWrittenInTime,
  isWrittenSlowly,
} from "./encoders.ts";
import { carryMetadata, type Kept } from "./metadata-carrier.ts";
import { asMediaError } from "./render-error.ts";
import { decoded, inMemory, type Picture } from "./run-stage.ts";

/** The way in which a picture is written. */
interface Writing extends EncoderContext {
  readonly format: OutputFormat;
  readonly output: Output;
}

/** @param image a pipeline; of its metadata, what the output keeps is written as well */
function writeImage(image: Sharp, { format, output, ...context }: Writing): Sharp {
  const kept = keeping(image, output.keep);
  const dense = output.density === undefined ? kept : kept.withDensity(output.density);
  return encoders[format](dense, output, context);
}

function keeping(image: Sharp, keep: Output["keep"]): Sharp {
  switch (keep) {
    case "nothing":
      return image;
    case "profile":
      return image.keepIccProfile();
    case "everything":
      return image.keepMetadata();
  }
}

export interface RenderedImage extends Size {
  readonly data: Buffer;
  readonly contentType: (typeof contentTypes)[OutputFormat];
}

interface EncodeInput {
  readonly picture: Picture;
  readonly output: Output;
  readonly facts: SourceFacts;
  readonly kept: Kept;
  /** Called when the picture is made and is only written, which takes long and has time of its own. */
  readonly onMade: () => void;
}

/**
 * Writes a picture in the first format that can hold it.
 * @throws MediaError ELIMIT when no format can hold it
 */
export async function encode(
  { picture, output, facts, kept, onMade }: EncodeInput,
  work: Work,
): Promise<RenderedImage> {
  const { size } = picture;
  const { format, picture: looked } = await chooseFormat(picture, output, facts, work);
  const pixels = pixelsOf(looked);
  const writing = { format, output, animation: facts.animation, effort: effortFor(format, pixels, output) };
  const written = { contentType: contentTypes[format], width: size.width, height: size.height };
  if (!isWrittenSlowly(format, pixels, output) || !canBeHeld(looked, work)) {
    return { data: await write(looked, writing, kept, work), ...written };
  }
  const frames = await decoded(looked, work);
  onMade();
  // An encoder that has all pixels stops for nothing but the end of its process.
  const unbound: Pick<Work, "bound" | "signal"> = { signal: work.signal, bound: (image) => image };
  return { data: await write(inMemory(frames), writing, kept, unbound), ...written };
}

/**
 * Refuses a picture of this size that no format can hold, before it is made.
 * @throws MediaError ELIMIT
 */
export function refuseUnwritable(size: Size, count: number, output: Output, work: Pick<Work, "holds">): void {
  fittingFormats(size, size.width * size.height * count, output, work);
}

/** @throws MediaError ELIMIT when no format can hold a picture of this size */
function fittingFormats(
  size: Size,
  pixels: number,
  output: Output,
  work: Pick<Work, "holds">,
): readonly [OutputFormat, ...OutputFormat[]] {
  const side = Math.max(size.width, size.height);
  const [format, ...others] = output.formats.filter(
    (candidate) =>
      side <= (maxSides[candidate] ?? Infinity) &&
      isWrittenInTime(candidate, size) &&
      work.holds(size, encoderBytesPerPixel(candidate, output, pixels)),
  );
  if (format !== undefined) return [format, ...others];
  const formats = output.formats.join(" or ");
  throw new MediaError("ELIMIT", `${size.width} x ${size.height} pixels are too many for ${formats}`);
}

async function write(
  picture: Picture,
  writing: Writing,
  kept: Kept,
  work: Pick<Work, "bound" | "signal">,
): Promise<Buffer> {
  if (picture.kind === "frames") {
    const { data, raw } = await toInput(picture.frames, writing, kept, work);
    // A picture in memory can always be written.
    return work.bound(writeImage(sharp(data, { raw }), writing)).toBuffer();
  }
  return work
    .bound(writeImage(picture.image, writing))
    .toBuffer()
    .catch((error: unknown) => {
      // A picture that isn't decoded yet may be broken.
      throw asMediaError(error);
    });
}

function canBeHeld(picture: Picture, work: Work): boolean {
  return picture.kind === "frames" || work.holds(picture.size, picture.count * frameBytesPerPixel);
}

/** The longest side that each format has room for, or that its encoder accepts. */
const maxSides: Readonly<Partial<Record<OutputFormat, number>>> = { webp: 16_383, avif: 16_384 };

function pixelsOf(picture: Picture): number {
  const count = picture.kind === "frames" ? picture.frames.count : picture.count;
  return picture.size.width * picture.size.height * count;
}

/**
 * Chooses the output format. It looks at the pixels only when the choice depends on them: an alpha channel alone
 * doesn't make a picture transparent.
 */
async function chooseFormat(
  picture: Picture,
  output: Output,
  facts: SourceFacts,
  work: Work,
): Promise<{ readonly format: OutputFormat; readonly picture: Picture }> {
  const [format, alternative] = fittingFormats(picture.size, pixelsOf(picture), output, work);
  if (format !== "jpeg" || alternative === undefined) return { format, picture };
  if (picture.kind === "source" && !facts.hasAlpha) return { format, picture };
  const frames = await decoded(picture, work);
  return { format: (await isTransparent(frames, work)) ? alternative : format, picture: inMemory(frames) };
}

async function isTransparent(frames: Frames, work: Work): Promise<boolean> {
  if (frames.channels === 3) return false;
  const { width, height, count } = frames;
  const alpha = await work.bound(frameImage(frames).extractChannel(3)).raw().toBuffer();
  const { channels } = await sharp(alpha, { raw: { width, height: height * count, channels: 1 } }).stats();
  return (channels[0]?.min ?? opaque) < opaque;
}

const opaque = 255;

/** A picture in the form in which sharp reads it: pixels, or a file of them with metadata. */
interface SharpInput {
  readonly data: Buffer;
  readonly raw?: (CreateRaw & { pageHeight?: number }) | undefined;
}

/** The pixels, with the metadata that stays. Animations lose theirs. */
async function toInput(
  frames: Frames,
  { output }: Writing,
  kept: Kept,
  work: Pick<Work, "bound">,
): Promise<SharpInput> {
  const { data, width, height, channels, count } = frames;
  if (output.keep !== "nothing" && count === 1) return { data: await carryMetadata(frames, kept, work) };
  return { data, raw: { width, height: height * count, channels, ...(count > 1 && { pageHeight: height }) } };
}
