/** Seconds for which shared caches may answer without asking (design decision 12). */
const sharedSeconds = 60;
const yearSeconds = 31_536_000;

export interface Cacheability {
  /** Named by the URL itself: its version, or the current version's time. Such an answer never changes. */
  readonly immutable: boolean;
  readonly isPrivate: boolean;
  /** Seconds for which the URL's signature is still good; undefined when it is unsigned or has no end. */
  readonly signedSeconds: number | undefined;
}

/** spec/delivery.md §9.1. */
export function cacheControl({ immutable, isPrivate, signedSeconds }: Cacheability): string {
  if (signedSeconds !== undefined) return `private, max-age=${Math.min(signedSeconds, yearSeconds)}`;
  if (isPrivate) return "private, max-age=0";
  if (immutable) return `public, max-age=${yearSeconds}, immutable`;
  return `public, max-age=0, s-maxage=${sharedSeconds}, must-revalidate`;
}

/** Of a redirect to an address that is good for `seconds`: whoever keeps it still gets there, with half of them to spare. */
export function redirectCacheControl({ immutable, isPrivate, signedSeconds }: Cacheability, seconds: number): string {
  const most = Math.floor(seconds / 2);
  if (signedSeconds !== undefined) return `private, max-age=${most}`;
  if (isPrivate) return "private, max-age=0";
  if (immutable) return `public, max-age=${most}`;
  return `public, max-age=0, s-maxage=${Math.min(sharedSeconds, most)}, must-revalidate`;
}

export const refusalCacheControl = {
  brief: `public, max-age=0, s-maxage=${sharedSeconds}`,
  never: "no-store",
} as const;
