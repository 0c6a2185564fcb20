import { useQuery } from "@tanstack/react-query";
import { type PointerEvent, useEffect, useRef, useState } from "react";
import { here, type LibraryFile, spriteOf } from "./library-file.ts";
import styles from "./scrubber.module.css";
import { type SpritePlaces, spritePlacesIn } from "./sprite-places.ts";

/** Nothing is loaded before the pointer has rested over a card for this time. */
const restMs = 150;

/**
 * Lies over the poster of a video, and shows its stills while a pointer moves along it. A finger opens the file instead.
 * Without a sprite, the poster stays.
 */
export function Scrubber({ file }: { readonly file: LibraryFile }) {
  const [at, setAt] = useState<number>();
  const [hasRested, setRested] = useState(false);
  const rest = useRef<ReturnType<typeof setTimeout>>(undefined);
  const address = spriteOf(here(file.url));
  const { data: sprite } = useQuery({
    queryKey: ["sprite", file.versionInfo.id, file.updatedAt],
    enabled: hasRested && at !== undefined,
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
    queryFn: ({ signal }) => load(address, signal),
  });
  useEffect(() => () => clearTimeout(rest.current), []);

  function move({ pointerType, clientX, currentTarget }: PointerEvent): void {
    if (pointerType === "touch") return;
    const { left, width } = currentTarget.getBoundingClientRect();
    setAt(Math.min(1, Math.max(0, (clientX - left) / width)));
    clearTimeout(rest.current);
    rest.current = setTimeout(() => setRested(true), restMs);
  }
  function leave(): void {
    clearTimeout(rest.current);
    setAt(undefined);
  }

  return (
    <span
      className={styles.scrubber}
      onPointerEnter={move}
      onPointerMove={move}
      onPointerLeave={leave}
      onPointerCancel={leave}
      aria-hidden
    >
      {at !== undefined && sprite && <Tile sprite={sprite} at={at} />}
    </span>
  );
}

interface Sprite extends SpritePlaces {
  readonly url: string;
}

/** The still at a part of the time, from 0 to 1. */
function Tile({ sprite, at }: { readonly sprite: Sprite; readonly at: number }) {
  const [isLoaded, setLoaded] = useState(false);
  const { places } = sprite;
  const place = places[Math.min(places.length - 1, Math.floor(at * places.length))];
  if (place === undefined) return null;
  const { left, top, width, height } = place;
  return (
    <>
      <svg className={styles.still} data-loaded={isLoaded || undefined} viewBox={`0 0 ${width} ${height}`} role="none">
        <svg width={width} height={height} viewBox={`${left} ${top} ${width} ${height}`} role="none">
          <image href={sprite.url} width={sprite.width} height={sprite.height} onLoad={() => setLoaded(true)} />
        </svg>
      </svg>
      {isLoaded && <span className={styles.at} style={{ inlineSize: `${at * 100}%` }} />}
    </>
  );
}

/** @throws where there is no sprite: what it would show is not needed */
async function load(address: string, signal: AbortSignal): Promise<Sprite> {
  const answer = await fetch(address, { signal, credentials: "omit" });
  const text = await answer.text();
  const places = answer.ok ? spritePlacesIn(text) : undefined;
  if (places === undefined) throw new Error(`no sprite: ${answer.status}`);
  return { ...places, url: new URL(places.picture, new URL(address, location.href)).href };
}
