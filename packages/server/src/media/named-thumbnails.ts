/** A box to fit an image into, whole and never enlarged (spec/transformations.md, `c-at_max`). */
export interface Thumbnail {
  readonly width: number;
  readonly height: number;
  /** 1 to 100. */
  readonly quality: number;
}

/** What an account delivers with when a transformation names no quality (spec/delivery.md §14). */
const defaultQuality = 80;

/**
 * The built-in named transformations (spec/delivery.md §8.1): `w-400,h-400,c-at_max,q-70` and `w-100,h-100,c-at_max,fo-auto`,
 * whose focus has no effect since nothing is cropped.
 */
export const namedThumbnails = {
  ik_ml_thumbnail: { width: 400, height: 400, quality: 70 },
  media_library_thumbnail: { width: 100, height: 100, quality: defaultQuality },
} as const satisfies Record<string, Thumbnail>;

export type ThumbnailName = keyof typeof namedThumbnails;

export function isThumbnailName(name: string): name is ThumbnailName {
  return Object.hasOwn(namedThumbnails, name);
}
