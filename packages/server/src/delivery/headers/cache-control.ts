/**
 * Seconds for which shared caches may repeat a refusal, and all caches a default image (docs/protocol/delivery.md §9.1,
 * §10).
 */
const briefSeconds = 60;
const yearSeconds = 31_536_000;

export interface Cacheability {
  /** Whether the URL itself names the version, or the current version's time. Such an answer never changes. */
  readonly immutable: boolean;
  readonly isPrivate: boolean;
  /** Whether the account delivers to certain clients alone, which a shared cache can't tell apart. */
  readonly isGuarded: boolean;
  /** Seconds for which the URL's signature is still valid; undefined when the URL is unsigned or never expires. */
  readonly signedSeconds: number | undefined;
  /** Whether the delivered file stands in for a missing one. */
  readonly standsIn: boolean;
  /** Seconds for which shared caches may answer without revalidating (docs/architecture.md decision 12). */
  readonly sharedSeconds: number;
}

/** The value of `Cache-Control` for an answer (docs/protocol/delivery.md §9.1). */
export function cacheControl(cacheability: Cacheability): string {
  const { immutable, isPrivate, isGuarded, signedSeconds, standsIn, sharedSeconds } = cacheability;
  if (signedSeconds !== undefined) return `private, max-age=${Math.min(signedSeconds, yearSeconds)}`;
  if (isPrivate) return "private, max-age=0";
  const scope = isGuarded ? "private" : "public";
  if (standsIn) return `${scope}, max-age=${briefSeconds}`;
  if (immutable) return `${scope}, max-age=${yearSeconds}, immutable`;
  if (isGuarded) return "private, max-age=0, must-revalidate";
  return `public, max-age=0, s-maxage=${sharedSeconds}, must-revalidate`;
}

/**
 * The value of `Cache-Control` for a redirect to an address that is valid for `seconds`. A cached redirect still works,
 * with half of the seconds to spare.
 */
export function redirectCacheControl(cacheability: Cacheability, seconds: number): string {
  const { immutable, isPrivate, isGuarded, signedSeconds, standsIn, sharedSeconds } = cacheability;
  const maxAgeSeconds = Math.floor(seconds / 2);
  if (signedSeconds !== undefined) return `private, max-age=${maxAgeSeconds}`;
  if (isPrivate) return "private, max-age=0";
  const scope = isGuarded ? "private" : "public";
  if (standsIn) return `${scope}, max-age=${Math.min(briefSeconds, maxAgeSeconds)}`;
  if (immutable) return `${scope}, max-age=${maxAgeSeconds}`;
  if (isGuarded) return "private, max-age=0, must-revalidate";
  return `public, max-age=0, s-maxage=${Math.min(sharedSeconds, maxAgeSeconds)}, must-revalidate`;
}

export const refusalCacheControl = {
  brief: `public, max-age=0, s-maxage=${briefSeconds}`,
  never: "no-store",
} as const;
