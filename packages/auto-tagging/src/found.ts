import type { labels } from "./labels.ts";

/** A place in a picture. All four are fractions of the picture's width or height. */
export interface FoundPlace {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

export interface FoundFace extends FoundPlace {
  /** A number from 0 to 1. */
  readonly confidence: number;
}

export interface FoundObject extends FoundFace {
  readonly name: (typeof labels)[number];
}

/** Makes a place of two corners, which may lie outside of the picture. @returns undefined where nothing is inside */
export function placeOf([left, top, right, bottom]: readonly [number, number, number, number]): FoundPlace | undefined {
  const inside = { left: inUnit(left), top: inUnit(top) };
  const place = { ...inside, width: inUnit(right) - inside.left, height: inUnit(bottom) - inside.top };
  return place.width > 0 && place.height > 0 ? place : undefined;
}

function inUnit(value: number): number {
  return Math.min(Math.max(value, 0), 1);
}
