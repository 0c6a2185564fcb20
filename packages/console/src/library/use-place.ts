import { type ParsedLocation, useRouter } from "@tanstack/react-router";
import { useEffect, useLayoutEffect, useRef, useState } from "react";
import { leave, type Place } from "./places.ts";

interface PlaceOptions {
  /** Says which list the view shows. */
  readonly list: string;
  /** The place at which the view was left, if it is shown again. */
  readonly place: Place | undefined;
  /** Whether the view has its rows, so that it can be scrolled. */
  readonly isReady: boolean;
  readonly current: () => Place;
  readonly restore: (place: Place) => void;
}

/**
 * Remembers where a view is left, and restores that place once the view has its rows.
 * @returns whether the view is at its place
 */
export function usePlace({ list, place, isReady, current, restore }: PlaceOptions): boolean {
  const router = useRouter();
  const [isPlaced, setPlaced] = useState(place === undefined);
  const newest = useRef(current);
  newest.current = current;
  useLayoutEffect(() => {
    if (isPlaced || !isReady || place === undefined) return;
    restore(place);
    setPlaced(true);
  });
  useEffect(
    () =>
      router.subscribe("onBeforeNavigate", ({ fromLocation }) => {
        if (fromLocation !== undefined) leave(entryOf(fromLocation), list, newest.current());
      }),
    [router, list],
  );
  return isPlaced;
}

/** The entry of the browser's history at which a location stands. */
export function entryOf({ state }: Pick<ParsedLocation, "state">): string {
  return String(state.__TSR_key);
}
