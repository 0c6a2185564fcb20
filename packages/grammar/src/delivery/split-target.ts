import type { WrittenTransformation } from "../transformation/parse.ts";

/** What may stand behind a file's path, and makes something else of the file (spec/delivery.md §1.4). */
const outerSuffixes = ["ik-thumbnail.jpg", "ik-master.m3u8", "ik-master.mpd"] as const;
const innerSuffixes = ["ik-video.mp4", "ik-gif-video.mp4"] as const;
export type VirtualSuffix = (typeof outerSuffixes)[number] | (typeof innerSuffixes)[number];

export interface DeliveryTarget {
  /** The file's path, byte for byte as it was sent and still encoded, without what the other properties hold. */
  readonly segments: readonly string[];
  /** Whether a slash follows the path: no file is named so. */
  readonly endsWithSlash: boolean;
  /** The path is an alias whose last segment is for search engines (spec/delivery.md §10). */
  readonly seo: boolean;
  /** In the order of the URL, two at most. */
  readonly suffixes: readonly VirtualSuffix[];
  /** In the order in which they apply: the path's, then the query's. One may be empty, which no URL may say. */
  readonly transformations: readonly WrittenTransformation[];
  /** Paths that aren't files of the library: an address elsewhere, a picture to be made from words (spec/delivery.md §1). */
  readonly special: "absolute-url" | "generated-image" | undefined;
  /** Without `?`. */
  readonly query: string | undefined;
}

const transformationPrefix = "tr:";
const transformationName = "tr";
const seoSegment = "ik-seo";
const generatedPrefix = "ik-genimg-";

/**
 * Splits what stands behind the URL's endpoint, without decoding any of it: a signature covers its bytes, and a decoded
 * delimiter must not change its shape. The first segment that begins with `tr:` holds a transformation, however deep.
 */
export function splitDeliveryTarget(rest: string): DeliveryTarget {
  const mark = rest.indexOf("?");
  const path = mark === -1 ? rest : rest.slice(0, mark);
  const query = mark === -1 ? undefined : rest.slice(mark + 1);
  const written = path.split("/");
  const at = written.findIndex((segment) => segment.startsWith(transformationPrefix));
  const inPath = at === -1 ? [] : [(written[at] ?? "").slice(transformationPrefix.length)];
  // SDKs that join with a slash too many mean the same file.
  const remaining = written.filter((segment, index) => index !== at && segment !== "");
  const seo = remaining.length > 1 && remaining[0] === seoSegment;
  const { segments, suffixes } = takeSuffixes(seo ? remaining.slice(1) : remaining);
  return {
    segments,
    endsWithSlash: written.at(-1) === "",
    seo,
    suffixes,
    transformations: [
      ...inPath.map((text) => ({ text, form: "path" as const })),
      ...queryTransformations(query).map((text) => ({ text, form: "query" as const })),
    ],
    special: specialPath(segments),
    query,
  };
}

/** From the right, and only as long as something remains that they can belong to. */
function takeSuffixes(segments: readonly string[]): Pick<DeliveryTarget, "segments" | "suffixes"> {
  let end = segments.length;
  const suffixes: VirtualSuffix[] = [];
  for (const known of [outerSuffixes, innerSuffixes]) {
    const suffix = end > 1 ? known.find((name) => name === segments[end - 1]) : undefined;
    if (suffix === undefined) continue;
    suffixes.unshift(suffix);
    end -= 1;
  }
  return { segments: segments.slice(0, end), suffixes };
}

function specialPath([first = "", second]: readonly string[]): DeliveryTarget["special"] {
  if (/^https?(?::|%3a)/i.test(first)) return "absolute-url";
  return first.startsWith(generatedPrefix) && second !== undefined ? "generated-image" : undefined;
}

function queryTransformations(query = ""): string[] {
  return query
    .split("&")
    .filter((pair) => pair === transformationName || pair.startsWith(`${transformationName}=`))
    .map((pair) => pair.slice(transformationName.length + 1));
}
