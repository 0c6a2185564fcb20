import { text } from "node:stream/consumers";
import sharp, { type CreateText } from "sharp";
import { keepLimits } from "../../../processes/keep-limits.ts";
import { fontVariable } from "./font-variable.ts";
import { textHeader } from "./text-header.ts";

// This process reads a text and how it is written from standard input, and writes its pixels to standard output. A font
// of the library is read here and nowhere else: whatever a broken font does, this process alone does it.
const [maxPixels, configuration] = keepLimits();
process.env[fontVariable] = configuration;

sharp.concurrency(1);
const options: CreateText = JSON.parse(await text(process.stdin));
const drawn = await sharp({ text: options })
  .toColourspace("srgb")
  .raw()
  .toBuffer({ resolveWithObject: true })
  .catch((error: Error) => error);
if (drawn instanceof Error) {
  process.stdout.write(textHeader.write({ message: drawn.message }));
} else {
  const { width, height } = drawn.info;
  // The letters of a font may be as large as it likes.
  const tooBig = width * height > Number(maxPixels);
  process.stdout.write(textHeader.write(tooBig ? { message: "too big" } : { width, height }));
  if (!tooBig) process.stdout.write(drawn.data);
}
