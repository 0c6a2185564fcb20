import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { CreateText } from "sharp";
import sharp from "sharp";
import { MediaError } from "../../../media-error.ts";
import { type Frames, frameBytesPerPixel, toFrames } from "../../pixels/frames.ts";
import type { Work } from "../../pixels/work.ts";
import { maxTextSide, refuseLargeText } from "../../plan/plan-text.ts";
import type { PlannedText } from "../../plan/text-parameters.ts";
import { drawWithFont } from "./draw-with-font.ts";
import { fontVariable } from "./font-variable.ts";
import { type InstalledFonts, installedFonts } from "./installed-fonts.ts";
import { markupOf } from "./markup.ts";

let ready: Promise<void> | undefined;

/**
 * Has the image library know the fonts of the package and no others.
 * @throws MediaError EFONTS where the package isn't installed
 */
async function readyFonts(): Promise<InstalledFonts> {
  const fonts = await installedFonts();
  ready ??= drawFirstText(fonts).catch((error: unknown) => {
    ready = undefined;
    throw error;
  });
  await ready;
  return fonts;
}

/**
 * The library reads the variable when it draws its first text, and never again. From then on it needs no file but the
 * fonts. The notes are for the processes that draw with other fonts.
 */
async function drawFirstText(fonts: InstalledFonts): Promise<void> {
  const before = process.env[fontVariable];
  try {
    const file = join(fonts.folder, "fonts.conf");
    await writeFile(file, fonts.fontConfiguration(fonts.notesFolder));
    process.env[fontVariable] = file;
    await sharp({ text: { text: "a", font: fonts.standardFamily } })
      .raw()
      .toBuffer();
  } finally {
    if (before === undefined) delete process.env[fontVariable];
    else process.env[fontVariable] = before;
  }
}

/**
 * Draws a text in its box. What is drawn is cut to its ink, which padding then surrounds. A text with a width has a box
 * of at least that width (docs/protocol/transformations.md §6.2).
 * @param fontOf finds the bytes of fonts of the library
 * @throws MediaError ELIMIT, ETIME, EFONTS, ELAYER, EBUSY; the signal's reason
 */
export async function drawText(text: PlannedText, fontOf: FontOf, work: Work): Promise<Frames> {
  const ink = await drawInk(text, fontOf, work);
  work.reserve(ink, frameBytesPerPixel);
  return putIntoBox(ink, text, work);
}

/** Finds the bytes of a font of the library; undefined for one that is missing. */
type FontOf = (path: string) => Buffer | undefined;

async function drawInk(text: PlannedText, fontOf: FontOf, work: Work): Promise<Frames> {
  const { font, bold, italic, fontSize, width } = text;
  const fonts = await readyFonts();
  const styleAndSize = [...(bold ? ["bold"] : []), ...(italic ? ["italic"] : []), fontSize].join(" ");
  const options = {
    text: markupOf(text),
    align: alignmentOf(text),
    // A word that is longer than a line is broken.
    wrap: "word-char",
    rgba: true,
    // At this density, a point is a pixel.
    dpi: 72,
    ...(width !== undefined && { width }),
  } as const satisfies CreateText;
  const bytes = font.kind === "file" ? fontOf(font.path) : undefined;
  const family = fonts.findFamily((font.kind === "family" && font.name) || "");
  try {
    if (font.kind === "file" && bytes !== undefined) {
      return await drawWithFont({ ...options, styleAndSize }, { path: font.path, bytes }, work);
    }
    return await toFrames(work.bound(sharp({ text: { ...options, font: `${family} ${styleAndSize}` } })), 1);
  } catch (error) {
    const { message } = error instanceof Error ? error : new Error(String(error));
    if (/no text to render/.test(message)) return nothing();
    if (!/too big/.test(message)) throw error;
    throw new MediaError("ELIMIT", `A text has more than ${maxTextSide} pixels on a side, or too many`, {
      cause: error,
    });
  }
}

/** The ink of spaces. */
function nothing(): Frames {
  return { data: Buffer.alloc(4), width: 1, height: 1, channels: 4, count: 1 };
}

/** Pango's `left` is where a line begins, which is on the right in scripts that run from there. */
function alignmentOf({ alignment, text }: PlannedText): PlannedText["alignment"] {
  if (alignment === "center" || !runsFromRight(text)) return alignment;
  return alignment === "left" ? "right" : "left";
}

/** Whether the first letter of a text says that its lines run from right to left. */
function runsFromRight(text: string): boolean {
  const [first = ""] = /\p{L}/u.exec(text) ?? [];
  return /[\p{Script=Hebrew}\p{Script=Arabic}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}]/u.test(first);
}

async function putIntoBox(ink: Frames, text: PlannedText, work: Work): Promise<Frames> {
  const { padding, background, alignment } = text;
  const room = Math.max(0, (text.width ?? 0) - ink.width);
  const width = ink.width + room + padding.left + padding.right;
  const height = ink.height + padding.top + padding.bottom;
  refuseLargeText({ width, height });
  if (width === ink.width && height === ink.height && background.alpha === 0) return ink;
  work.reserve({ width, height }, frameBytesPerPixel);
  const shares = { left: 0, center: 0.5, right: 1 } as const;
  const left = padding.left + Math.floor(room * shares[alignment]);
  const { data, channels } = ink;
  const raw = { width: ink.width, height: ink.height, channels };
  const box = sharp({ create: { width, height, channels: 4, background } });
  return toFrames(work.bound(box.composite([{ input: data, raw, left, top: padding.top }])), 1);
}
