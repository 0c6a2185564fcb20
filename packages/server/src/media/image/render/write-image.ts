import type { Sharp } from "sharp";
import type { Output, OutputFormat } from "../plan/choose-output.ts";
import { type EncoderContext, encoders } from "./encoders.ts";

/** The way in which a picture is written. */
export interface Writing extends EncoderContext {
  readonly format: OutputFormat;
  readonly output: Output;
}

/** @param image a pipeline; of its metadata, what the output keeps is written as well */
export function writeImage(image: Sharp, { format, output, ...context }: Writing): Sharp {
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
