/**
 * The cost of a work, as far as it can be told before the work begins. A work is `dear` when it is known to take long. It is `doubtful` when it
 * may well take long, because it is between both, its client or file has surprised lately, or it is the server's own.
 */
export type WorkClass = "cheap" | "doubtful" | "dear";

export interface Places {
  /** The number of works that run at once. */
  readonly places: number;
  /** The number of further works that may run while works that take long hold places. */
  readonly extraPlaces: number;
}

export interface HeldPlaces {
  readonly all: number;
  /** The number of works among them that take long. */
  readonly long: number;
  /** The number of works among these that were known to be dear. */
  readonly dear: number;
}

/**
 * Whether a work may begin. One place is kept from dear work. Cheap work may have all places, and extra ones in addition
 * while works that take long hold some. Doubtful work may have the kept place while there are extra places to replace it.
 */
export const mayBegin = {
  cheap: ({ all, long }, { places, extraPlaces }) => all - long < places && all < places + extraPlaces,
  doubtful: ({ all, long }, rooms) => all < rooms.places && (rooms.extraPlaces > 0 || long < dearPlaces(rooms)),
  dear: ({ all, dear }, rooms) => all < rooms.places && dear < dearPlaces(rooms),
} as const satisfies Record<WorkClass, (held: HeldPlaces, rooms: Places) => boolean>;

/** The number of places that dear work may take. */
export function dearPlaces({ places }: Pick<Places, "places">): number {
  return Math.max(places - 1, 1);
}
