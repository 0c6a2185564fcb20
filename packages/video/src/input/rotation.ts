import { numbers } from "../libav/libav.ts";
import type { Stream } from "../libav/native.ts";

/** How a stream is turned for display: the upper left part of its matrix, in 16.16 fixed point. */
interface Matrix {
  readonly a: number;
  readonly b: number;
  readonly c: number;
  readonly d: number;
}

function matrixOf({ codecpar }: Stream): Matrix | undefined {
  const bytes = codecpar.getCodedSideData(numbers.displayMatrix);
  if (bytes === null || bytes.length < 36) return undefined;
  const [a, b, c, d] = [0, 4, 12, 16].map((at) => bytes.readInt32LE(at) / 65_536) as [number, number, number, number];
  return { a, b, c, d };
}

/** Degrees counterclockwise, from -180 to 180, as FFmpeg counts them; undefined where the stream says nothing. */
export function rotationOf(stream: Stream): number | undefined {
  const matrix = matrixOf(stream);
  if (matrix === undefined) return undefined;
  const { a, b, c, d } = matrix;
  const [across, down] = [Math.hypot(a, c), Math.hypot(b, d)];
  return across === 0 || down === 0 ? undefined : -(Math.atan2(b / down, a / across) * 180) / Math.PI;
}

/** The filters that turn what is decoded into what is displayed. */
export function uprightFilters(stream: Stream): readonly string[] {
  const matrix = matrixOf(stream);
  const degrees = rotationOf(stream);
  if (matrix === undefined || degrees === undefined) return [];
  const { a, c, d } = matrix;
  const clockwise = (360 - Math.round(degrees)) % 360;
  const isNear = (angle: number): boolean => Math.abs(clockwise - angle) <= 1;
  if (isNear(90)) return [`transpose=${c > 0 ? "cclock_flip" : "clock"}`];
  if (isNear(180)) return [...(a < 0 ? ["hflip"] : []), ...(d < 0 ? ["vflip"] : [])];
  if (isNear(270)) return [`transpose=${c < 0 ? "clock_flip" : "cclock"}`];
  if (isNear(0) || isNear(360)) return d < 0 ? ["vflip"] : [];
  return [`rotate=${clockwise}*PI/180`];
}
