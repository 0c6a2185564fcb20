/** A still in a sprite, with its time in seconds and its area in pixels. */
export interface SpritePlace {
  readonly from: number;
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

export interface SpritePlaces {
  /** The address of the sprite, relative to that of the text. */
  readonly picture: string;
  readonly width: number;
  readonly height: number;
  /** In the order of their times. */
  readonly places: readonly SpritePlace[];
}

const cue = /^(?:(\d+):)?(\d\d):(\d\d\.\d{3}) --> .*\n(.+)#xywh=(\d+),(\d+),(\d+),(\d+)$/gm;

/** Reads the text that says where the stills of a sprite stand. @returns undefined for another text */
export function spritePlacesIn(text: string): SpritePlaces | undefined {
  const cues = [...text.matchAll(cue)];
  const picture = cues[0]?.[4];
  if (picture === undefined) return undefined;
  const places = cues.map(([, hours = 0, minutes, seconds, , left, top, width, height]) => ({
    from: Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds),
    left: Number(left),
    top: Number(top),
    width: Number(width),
    height: Number(height),
  }));
  const right = Math.max(...places.map(({ left, width }) => left + width));
  const bottom = Math.max(...places.map(({ top, height }) => top + height));
  return { picture, width: right, height: bottom, places };
}
