import { percentDecode, toNfc } from "@sluice/grammar";
import { SluiceError } from "@sluice/protocol";
import type { EndpointsByPrefix } from "../../endpoints/url-endpoints/url-endpoints.ts";
import { seoSegment } from "../../library/names.ts";
import { DeliveryRefusal } from "../refusals/refusal.ts";
import { type DeliveryUrl, isTransformation, splitEndpoint, splitRest } from "../url/delivery-url.ts";
import { chooseEndpoint, type EndpointRest, parseEndpointUrl } from "../url/endpoint-url.ts";

/** The files to which a purge applies: the file of one URL, or every file whose path begins with a prefix. */
export type PurgeScope =
  | { readonly kind: "url"; readonly url: DeliveryUrl }
  | { readonly kind: "below" /** Decoded, with a leading slash. */; readonly prefix: string };

/** Folders in which shops keep whole catalogues (docs/protocol/delivery.md §9.5). */
const refusedWildcards: ReadonlySet<string> = new Set(["media/catalog", "s/files"]);

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what no path has
const noPath = /(^|\/)\.{1,2}(\/|$)|[\\\x00-\x1f\x7f]/;

const minWildcardLength = 15;

/**
 * Reads a URL that a client wants purged. The URL is either exact, including its transformation, or ends with a `*`.
 * @param imagekitId the caller's, because nobody may purge another account's files
 * @param endpoints the caller's
 * @throws SluiceError PURGE_URL_INVALID
 */
export function readPurgeUrl(url: unknown, imagekitId: string, endpoints: EndpointsByPrefix): PurgeScope {
  if (typeof url !== "string" || !/^https?:\/\/[^/?#]+\//i.test(url)) throw invalid("Send the URL as it is delivered.");
  const target = splitEndpoint(url);
  if (target.imagekitId !== imagekitId) throw invalid(`The URL's path begins with /${imagekitId}/.`);
  const chosen = chooseEndpoint(endpoints, target.rest);
  const star = chosen.behind.indexOf("*");
  if (star === -1) return { kind: "url", url: readExact(chosen) };
  if (star !== chosen.behind.length - 1) throw invalid("A * stands at the end of the URL, or nowhere.");
  return { kind: "below", prefix: readWildcard(chosen.behind.slice(0, -1)) };
}

function readExact(chosen: EndpointRest): DeliveryUrl {
  try {
    return parseEndpointUrl(chosen);
  } catch (error) {
    if (!(error instanceof DeliveryRefusal)) throw error;
    throw invalid("No file can have this URL.", { cause: error });
  }
}

function readWildcard(rest: string): string {
  const { path, query } = splitRest(rest);
  const segments = path.split("/").filter((segment, index, all) => !isTransformation(segment) && isPart(index, all));
  if (!isNarrow(segments.join("/"))) {
    throw invalid(
      "In front of the * there are two levels of folders, 15 characters, or the whole path of a file with its extension.",
    );
  }
  // An alias names a file by all but its last segment (docs/protocol/delivery.md §10).
  const seo = segments[0] === seoSegment;
  const named = seo ? segments.slice(1, segments.length > 2 ? -1 : undefined) : segments;
  const virtual = named.findIndex((segment, index) => index > 0 && segment.startsWith("ik-"));
  const written = percentDecode((virtual === -1 ? named : named.slice(0, virtual)).join("/"));
  if (written === undefined || noPath.test(written)) throw invalid("No file can have such a URL.");
  const decoded = toNfc(written);
  if (refusedWildcards.has(decoded.replace(/\/$/, ""))) throw invalid("This wildcard is never purged.");
  // If the URL has a query, the path in front of it is complete, so its trailing slash goes.
  return `/${query === undefined ? decoded : decoded.replace(/\/$/, "")}`;
}

/**
 * The beginning of the paths that a purge of the file's URL with `*` at its end covers.
 * @param path a file's own path, with a leading slash
 * @returns undefined where such a wildcard is refused
 */
export function purgePrefixOf(path: string): string | undefined {
  const relative = path.slice(1);
  return isNarrow(relative) && !refusedWildcards.has(relative) ? path : undefined;
}

/** Redundant slashes mean nothing, apart from the last one: `a/*` is not `a*`. */
function isPart(index: number, all: readonly string[]): boolean {
  return all[index] !== "" || index === all.length - 1;
}

function isNarrow(path: string): boolean {
  const levels = path.split("/").filter(Boolean);
  return levels.length >= 2 || path.length >= minWildcardLength || /[^/.]\.[A-Za-z0-9]+$/.test(path);
}

function invalid(problem: string, options: ErrorOptions = {}): SluiceError {
  return new SluiceError("PURGE_URL_INVALID", { problem }, options);
}
