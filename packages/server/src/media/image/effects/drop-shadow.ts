import type { ParameterValues } from "@sluice/grammar";
import type { CastShadow } from "../loops/cast-shadow.ts";
import { runLoop } from "../loops/run-loop.ts";
import type { Frames } from "../pixels/frames.ts";
import type { PixelTools } from "../pixels/operations.ts";
import type { Work } from "../pixels/work.ts";
import { effect } from "./effect.ts";

type DropShadow = ParameterValues["e-dropshadow"];

/**
 * `e-dropshadow` lays a shadow on the ground. The picture is taken for a cut-out that stands upright on its lowest opaque
 * row. The ground goes on behind it and in front of it. What lies outside of the picture is cut off
 * (docs/protocol/transformations.md §6.4).
 */
export const dropShadow = effect({
  key: "e-dropshadow",
  name: "dropShadow",
  msPerMegapixel: 50,
  read: (asked: DropShadow) => asked,
  plan: (asked, { alpha }) => {
    if (!alpha || asked.opacity === 0) return undefined;
    return {
      kind: "effect",
      copiesInput: true,
      apply: async (image, frame, work, tools) => {
        const { data, width, height, channels } = await drawShadow(frame, asked, work, tools);
        const input = { input: data, raw: { width, height, channels } };
        return image.ensureAlpha().composite([{ ...input, blend: "dest-over" }]);
      },
    };
  },
});

async function drawShadow(
  frame: Frames,
  asked: DropShadow,
  work: Work,
  { frameImage, toFrames }: PixelTools,
): Promise<Frames> {
  const hard = await runLoop(frame, { kind: "cast-shadow", ...castOf(asked) }, work);
  const sigma = Math.min(Math.max(Math.min(frame.width, frame.height) * softness, minSigma), maxSigma);
  return toFrames(work.bound(frameImage(hard).blur({ sigma })), 1);
}

/** The angles are clockwise from behind the picture, like those of a compass that lies on the ground. */
function castOf({ azimuth, elevation, opacity }: DropShadow): Omit<CastShadow, "kind"> {
  const length = 1 / Math.tan(radians(Math.max(elevation, minElevation)));
  const away = Math.cos(radians(azimuth));
  const depth = Math.sign(away || -1) * Math.max(Math.abs(away), minDepth);
  return {
    right: -Math.sin(radians(azimuth)) * length,
    down: depth * foreshortening * Math.max(length, minLength),
    opacity: opacity / 100,
  };
}

function radians(degrees: number): number {
  return (degrees * Math.PI) / 180;
}

/** A picture that stands half as deep on the ground as it is high shows a ground that is looked at from 30 degrees. */
const foreshortening = 0.5;
/** Light from exactly beside a flat cut-out would give a line. */
const minDepth = 0.15;
/** Light from the horizon would give a shadow without an end, in degrees. */
const minElevation = 5;
/** Light from right above gives a shadow at the foot of the picture, as a part of its height. */
const minLength = 0.05;
/** The blur as a part of the shorter side, and the least and the most of it that sharp is asked for. */
const softness = 0.01;
const minSigma = 0.3;
const maxSigma = 10;
