import { randomFillSync } from "node:crypto";
import { parseTransformation } from "@sluice/grammar";
import sharp from "sharp";
import { aiEffects, isAiEffect } from "../../image/plan/ai-effects.ts";
import { ownContext } from "../../image/plan/own-context.ts";
import { readTransformation } from "../../image/plan/read-transformation.ts";
import type { RenderLimits } from "../../image/render/render-image.ts";
import { renderContext } from "../../testing/pictures.ts";
import type { RenderTask, TaskBytes } from "../tasks.ts";

const effects = new Set(Object.keys(aiEffects).filter(isAiEffect));

/** The task of rendering a picture. */
export function renderTask(file: TaskBytes, text: string, limits: Partial<RenderLimits> = {}): RenderTask {
  const { written, page, layers: selected } = readTransformation(parseTransformation(text), effects);
  return {
    file,
    layers: new Map(),
    transformation: { written, page, layers: selected },
    context: ownContext,
    limits: { ...renderContext.limits, ...limits },
    spentMs: 0,
  };
}

const small = await sharp({ create: { width: 60, height: 40, channels: 3, background: "#c33" } })
  .jpeg()
  .toBuffer();
const large = await sharp({ create: { width: 5000, height: 4000, channels: 3, background: "#c33" } })
  .jpeg()
  .toBuffer();
const [width, height] = [600, 415];
const noise = await sharp(randomFillSync(Buffer.alloc(width * height * 3)), { raw: { width, height, channels: 3 } })
  .png()
  .toBuffer();

/** A picture that takes milliseconds. */
export const quickTask = renderTask({ data: small }, "w-30");
/** The same picture for a model. */
export const askingTask = renderTask({ data: small }, "e-retouch,f-png");

/** A picture of which native code makes nothing else for seconds, and can't be interrupted. */
export function slowTask(limits: Partial<RenderLimits> = {}): RenderTask {
  return renderTask({ data: large }, "bl-100", limits);
}

/** A picture that is made at once and takes seconds to be written. */
export const slowlyWrittenTask = renderTask({ data: noise }, "f-avif");
