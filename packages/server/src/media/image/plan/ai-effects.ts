import { type Parameters, TransformationError } from "@sluice/grammar";
import { MediaError } from "../../media-error.ts";
import type { Size } from "../pixels/geometry.ts";

/** The facts about an effect that a model makes. The models themselves belong to the operator's endpoint. */
interface AiEffectRecord {
  /** The result has the size of the picture that the model got. A result of another size is scaled to it. */
  readonly keepsSize: boolean;
}

/** The effects that a provider with a model does (docs/protocol/transformations.md §6.4), by their keys. */
export const aiEffects = {
  "e-bgremove": { keepsSize: true },
  "e-removedotbg": { keepsSize: true },
  "e-changebg": { keepsSize: true },
  "e-edit": { keepsSize: false },
  "e-retouch": { keepsSize: true },
  "e-upscale": { keepsSize: false },
  "e-genvar": { keepsSize: false },
  "bg-genfill": { keepsSize: true },
} as const satisfies Record<string, AiEffectRecord>;

export type AiEffect = keyof typeof aiEffects;

/** The effect whose result varies with what a URL says besides (docs/protocol/transformations.md §6.4). */
export const varyingEffect: AiEffect = "e-genvar";

export function isAiEffect(name: string): name is AiEffect {
  return Object.hasOwn(aiEffects, name);
}

/** The work that a step asks of a provider. */
export interface AiRequest {
  readonly effect: AiEffect;
  /** The words of the URL for the model. */
  readonly prompt: string | undefined;
}

/** A picture for a model has fewer pixels than this (docs/protocol/delivery.md §13). */
export const aiPixels = 16_000_000;

/** @throws TransformationError for several of them in one step (docs/protocol/transformations.md §6.4) */
export function readAi(parameters: Parameters): AiRequest | undefined {
  const asked: AiRequest[] = [];
  for (const key of ["e-bgremove", "e-removedotbg", "e-retouch", "e-upscale", "e-genvar"] as const) {
    if (parameters[key] !== undefined) asked.push({ effect: key, prompt: undefined });
  }
  for (const key of ["e-changebg", "e-edit"] as const) {
    const prompt = parameters[key];
    if (prompt !== undefined) asked.push({ effect: key, prompt: prompt.text });
  }
  const { bg } = parameters;
  if (bg?.kind === "generated") asked.push({ effect: "bg-genfill", prompt: bg.prompt?.text });
  const [first, ...others] = asked;
  if (others.length > 0) throw new TransformationError("SEVERAL_AI", asked.map(({ effect }) => effect).join(", "));
  return first;
}

/** @throws MediaError ETRANSFORMATION, ELIMIT for a picture that no model takes */
export function refuseForAi(effect: AiEffect, { width, height }: Size, frames: number): void {
  if (frames > 1) {
    throw new MediaError("ETRANSFORMATION", `${effect} takes a still picture, such as ik-thumbnail.jpg gives`);
  }
  if (width * height >= aiPixels) {
    throw new MediaError("ELIMIT", `${effect} takes fewer than ${aiPixels} pixels, not ${width} x ${height}`);
  }
}
