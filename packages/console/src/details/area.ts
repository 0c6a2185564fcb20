/** A rectangle of a picture, in its own pixels. */
export interface Area {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export type Size = Pick<Area, "width" | "height">;

/** Reads `x,y,width,height`. @returns undefined for a text that is none, or lies outside of the picture */
export function readArea(text: string | null, size: Size): Area | undefined {
  const numbers = text?.split(",").map(Number) ?? [];
  const [x = 0, y = 0, width = 0, height = 0] = numbers;
  const isRight = numbers.length === 4 && numbers.every((number) => Number.isInteger(number) && number >= 0);
  if (!isRight || width < 1 || height < 1 || x >= size.width || y >= size.height) return undefined;
  return within({ x, y, width, height }, size);
}

export function writeArea({ x, y, width, height }: Area): string {
  return [x, y, width, height].join(",");
}

interface Point {
  readonly x: number;
  readonly y: number;
}

/** The area between two points of the picture. It has a pixel at least. */
export function areaBetween(from: Point, to: Point, size: Size): Area {
  const [left, right] = [from.x, to.x].map((x) => clamp(Math.round(x), 0, size.width)).sort((a, b) => a - b);
  const [top, bottom] = [from.y, to.y].map((y) => clamp(Math.round(y), 0, size.height)).sort((a, b) => a - b);
  const [x = 0, y = 0] = [left, top];
  return within({ x, y, width: Math.max(1, (right ?? 0) - x), height: Math.max(1, (bottom ?? 0) - y) }, size);
}

export function moveArea(area: Area, by: Point, size: Size): Area {
  return within({ ...area, x: area.x + Math.round(by.x), y: area.y + Math.round(by.y) }, size);
}

export function resizeArea(area: Area, by: Point, size: Size): Area {
  const width = clamp(area.width + Math.round(by.x), 1, size.width - area.x);
  const height = clamp(area.height + Math.round(by.y), 1, size.height - area.y);
  return { ...area, width, height };
}

/** The area of a size that the picture has, at a place where the picture has all of it. */
export function within(area: Area, size: Size): Area {
  const width = clamp(area.width, 1, size.width);
  const height = clamp(area.height, 1, size.height);
  return { x: clamp(area.x, 0, size.width - width), y: clamp(area.y, 0, size.height - height), width, height };
}

/** The middle of the picture, for whoever begins without a pointer. */
export function middleOf({ width, height }: Size): Area {
  const [half, tall] = [Math.max(1, Math.round(width / 2)), Math.max(1, Math.round(height / 2))];
  return { x: Math.floor((width - half) / 2), y: Math.floor((height - tall) / 2), width: half, height: tall };
}

function clamp(value: number, min: number, max: number): number {
  return Math.max(min, Math.min(max, value));
}
