/** What a client's `Accept` leaves to choose from; part of the key under which a rendition may be cached (spec/delivery.md §9.2). */
export type FormatClass = "webp" | "none";

/**
 * WebP only for a client that names it (spec/delivery.md §9.3): a wildcard is what programs send that know nothing of
 * images. Answers that depend on it carry `Vary: Accept`.
 */
export function formatClassOf(accept: string | undefined): FormatClass {
  const ranges = (accept ?? "").toLowerCase().split(",");
  return ranges.some((range) => acceptsWebp(range)) ? "webp" : "none";
}

function acceptsWebp(range: string): boolean {
  const [type, ...parameters] = range.split(";").map((part) => part.trim());
  return type === "image/webp" && !parameters.some((parameter) => /^q\s*=\s*0(\.0*)?$/.test(parameter));
}
