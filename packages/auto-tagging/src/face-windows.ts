import type { FoundPlace } from "./found.ts";

/** A square part of a picture, in fractions of its sides. A square around a whole picture reaches beyond it. */
export type FaceWindow = FoundPlace;

/** From this ratio of its sides on, a picture is also looked at in parts. */
const elongated = 1.25;
const maxParts = 4;

/**
 * The squares in which faces are looked for. The face model takes small squares, and it doesn't find faces that are
 * squeezed or small. So an elongated picture is seen as a whole with bars beside it, and in squares of its shorter side
 * that overlap.
 */
export function faceWindows({ width, height }: { readonly width: number; readonly height: number }): FaceWindow[] {
  const long = Math.max(width, height);
  const short = Math.min(width, height);
  const windows = [squareAt({ width, height }, long, (width - long) / 2, (height - long) / 2)];
  const ratio = long / short;
  if (ratio < elongated) return windows;
  const parts = Math.min(maxParts, Math.ceil(1.5 * ratio - 0.5));
  for (let part = 0; part < parts; part += 1) {
    const offset = ((long - short) * part) / (parts - 1);
    windows.push(squareAt({ width, height }, short, width > height ? offset : 0, width > height ? 0 : offset));
  }
  return windows;
}

function squareAt(
  { width, height }: { readonly width: number; readonly height: number },
  side: number,
  left: number,
  top: number,
): FaceWindow {
  return { left: left / width, top: top / height, width: side / width, height: side / height };
}
