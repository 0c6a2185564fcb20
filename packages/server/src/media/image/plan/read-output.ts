import type { Parameters } from "@sluice/grammar";
import type { FormatParameter, OutputParameters } from "./choose-output.ts";

/** Reads how the result is written. */
export function readOutput({ f, q, pr, lo, cp, md, dn }: Parameters): OutputParameters {
  const output: Partial<Record<keyof OutputParameters, unknown>> = {
    format: f && formats[f],
    quality: q,
    progressive: pr,
    lossless: lo,
    keepProfile: cp,
    keepMetadata: md,
    density: dn,
  };
  return Object.fromEntries(Object.entries(output).filter(([, value]) => value !== undefined)) as OutputParameters;
}

/** Video formats don't apply to images. */
const formats: Readonly<Record<NonNullable<Parameters["f"]>, FormatParameter | undefined>> = {
  auto: "auto",
  jpg: "jpeg",
  png: "png",
  webp: "webp",
  avif: "avif",
  gif: "gif",
  svg: "svg",
  orig: "orig",
  mp4: undefined,
  webm: undefined,
};
