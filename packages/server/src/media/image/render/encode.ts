import sharp, { type Sharp } from "sharp";
import { MediaError } from "../../media-error.ts";
import { type Frames, frameImage } from "../pixels/frames.ts";
import type { Size } from "../pixels/geometry.ts";
import type { Work } from "../pixels/work.ts";
import type { Output, OutputFormat } from "../plan/choose-output.ts";
import type { SourceFacts } from "../plan/source-facts.ts";
import { contentTypes, effortFor, encoderBytesPerPixel, encoders, isWrittenInTime } from "./encoders.ts";
import { carryMetadata, type Kept } from "./metadata-carrier.ts";
import { asMediaError } from "./render-error.ts";
import { decoded, inMemory, type Picture } from "./run-stage.ts";

export interface RenderedImage extends Size {
  readonly data: Buffer;
  readonly contentType: (typeof contentTypes)[OutputFormat];
}

export interface EncodeInput {
  readonly picture: Picture;
  readonly output: Output;
  readonly facts: SourceFacts;
  readonly kept: Kept;
}

/**
 * Writes a picture in the first format that can hold it.
 * @throws MediaError ELIMIT when no format can hold it
 */
export async function encode({ picture, output, facts, kept }: EncodeInput, work: Work): Promise<RenderedImage> {
  const { size } = picture;
  const { format, picture: looked } = await chooseFormat(picture, output, facts, work);
  const image = await toImage(looked, output, kept, work);
  const dense = output.density === undefined ? image : image.withDensity(output.density);
  const effort = effortFor(format, pixelsOf(looked), output);
  const written = encoders[format](dense, output, { facts, effort });
  const data = await work
    .bound(written)
    .toBuffer()
    .catch((error: unknown) => {
      // A picture in memory can always be written. A picture that isn't decoded yet may be broken.
      throw looked.kind === "source" ? asMediaError(error) : error;
    });
  return { data, contentType: contentTypes[format], width: size.width, height: size.height };
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
  const { size } = picture;
  const { formats } = output;
  const side = Math.max(size.width, size.height);
  const pixels = pixelsOf(picture);
  const fitting = formats.filter(
    (format) =>
      side <= (maxSides[format] ?? Infinity) &&
      isWrittenInTime(format, size) &&
      work.holds(size, encoderBytesPerPixel(format, output, pixels)),
  );
  const [format, ...others] = fitting;
  if (format === undefined) {
    throw new MediaError("ELIMIT", `${size.width} x ${size.height} pixels are too many for ${formats.join(" or ")}`);
  }
  const [alternative] = others;
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

/** Starts the pipeline that writes the picture, with the metadata that stays. */
async function toImage(picture: Picture, { keep }: Output, kept: Kept, work: Work): Promise<Sharp> {
  if (picture.kind === "source") return keeping(picture.image, keep);
  const { data, width, height, channels, count } = picture.frames;
  if (keep !== "nothing" && count === 1) {
    return keeping(sharp(await carryMetadata(picture.frames, kept, work)), keep);
  }
  return sharp(data, { raw: { width, height: height * count, channels, ...(count > 1 && { pageHeight: height }) } });
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
