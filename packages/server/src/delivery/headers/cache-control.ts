/**
 * Seconds for which shared caches may repeat a refusal, and everybody a default image (docs/protocol/delivery.md §9.1,
 * §10).
 */
const briefSeconds = 60;
const yearSeconds = 31_536_000;

export interface Cacheability {
  /** Named by the URL itself: its version, or the current version's time. Such an answer never changes. */
  readonly immutable: boolean;
  readonly isPrivate: boolean;
  /** Seconds for which the URL's signature is still good; undefined when it is unsigned or has no end. */
  readonly signedSeconds: number | undefined;
  /** What is delivered stands in for a file that is missing. */
  readonly standsIn: boolean;
  /** For which shared caches may answer without asking (docs/architecture.md decision 12). */
  readonly sharedSeconds: number;
}

/** docs/protocol/delivery.md §9.1. */
export function cacheControl(cacheability: Cacheability): string {
  const { immutable, isPrivate, signedSeconds, standsIn, sharedSeconds } = cacheability;
  if (signedSeconds !== undefined) return `private, max-age=${Math.min(signedSeconds, yearSeconds)}`;
  if (isPrivate) return "private, max-age=0";
  if (standsIn) return `public, max-age=${briefSeconds}`;
  if (immutable) return `public, max-age=${yearSeconds}, immutable`;
  return `public, max-age=0, s-maxage=${sharedSeconds}, must-revalidate`;
}

/** Of a redirect to an address that is good for `seconds`: whoever keeps it still gets there, with half of them to spare. */
export function redirectCacheControl(cacheability: Cacheability, seconds: number): string {
  const { immutable, isPrivate, signedSeconds, standsIn, sharedSeconds } = cacheability;
  const most = Math.floor(seconds / 2);
  if (signedSeconds !== undefined) return `private, max-age=${most}`;
  if (isPrivate) return "private, max-age=0";
  if (standsIn) return `public, max-age=${Math.min(briefSeconds, most)}`;
  if (immutable) return `public, max-age=${most}`;
  return `public, max-age=0, s-maxage=${Math.min(sharedSeconds, most)}, must-revalidate`;
}

export const refusalCacheControl = {
  brief: `public, max-age=0, s-maxage=${briefSeconds}`,
  never: "no-store",
} as const;
