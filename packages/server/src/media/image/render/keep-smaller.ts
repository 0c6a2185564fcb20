import { contentTypes } from "../content-types.ts";
import type { ImageTransformation, Plan } from "../plan/plan.ts";
import type { SourceFacts } from "../plan/source-facts.ts";
import { isPlainPicture, isStrippable, type StrippableFormat, stripPicture } from "../strip/strip-picture.ts";
import type { RenderedImage } from "./encode.ts";

export interface KeepInput {
  readonly bytes: Buffer;
  readonly facts: SourceFacts;
  readonly transformation: ImageTransformation;
  readonly plan: Plan;
}

/**
 * Returns the smaller of the rendering and the source. The source is considered only where nothing but its encoding
 * has changed, since encoding a picture again may make it larger. Everything that a rendering would leave out is
 * removed from the source, except what is needed to show it as it is: its colour profile, and the orientation of a
 * JPEG. The width and height are those of the picture as it is shown.
 * @returns an image in memory that isn't the source's
 */
export async function keepSmaller(
  { bytes, facts, transformation, plan }: KeepInput,
  rendered: RenderedImage,
): Promise<RenderedImage> {
  const format = keepableFormat(facts, transformation, plan);
  if (format === undefined) return rendered;
  const maxBytes = rendered.data.length;
  const orientation = plan.orient ? facts.orientation : 1;
  const data =
    plan.output.keep === "everything"
      ? await copyOfSmaller(bytes, format, maxBytes)
      : await stripPicture(bytes, format, { orientation, maxBytes });
  return data === undefined ? rendered : { ...rendered, data, contentType: contentTypes[format] };
}

/**
 * Copies the source if it is smaller. Pictures of four inks aren't copied, because clients show them in other colours.
 * Neither are animations of which only one frame is rendered.
 */
async function copyOfSmaller(bytes: Buffer, format: StrippableFormat, maxBytes: number): Promise<Buffer | undefined> {
  return bytes.length < maxBytes && (await isPlainPicture(bytes, format)) ? Buffer.from(bytes) : undefined;
}

/**
 * The format in which the source may be kept. It is undefined if something is done to the picture, if it is to be
 * written in a certain way, or if its format isn't wanted.
 */
function keepableFormat(facts: SourceFacts, { page }: ImageTransformation, plan: Plan): StrippableFormat | undefined {
  const { format, orientation, pages } = facts;
  const { operations, pause, asked } = plan.stage;
  if (operations.length > 0 || pause !== undefined || page !== undefined) return undefined;
  if (pages > 1 && plan.page !== "all") return undefined;
  const { quality, progressive, lossless, density } = asked.output;
  if ([quality, progressive, lossless, density].some((said) => said !== undefined)) return undefined;
  const { format: wanted = "auto" } = asked.output;
  if (wanted !== "auto" && wanted !== "orig") return undefined;
  if (!isStrippable(format) || (format === "webp" && !plan.output.formats.includes(format))) return undefined;
  // Not every browser applies the EXIF orientation of formats other than JPEG.
  return orientation > 1 && plan.orient && format !== "jpeg" ? undefined : format;
}
