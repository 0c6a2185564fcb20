import { percentDecode, type WrittenTransformation } from "@sluice/grammar";
import { seoSegment } from "../../library/names/folder.ts";
import { DeliveryRefusal } from "../refusals/refusal.ts";
import { type QueryPair, queryValue, rawValues, splitQuery } from "./query.ts";
import { splitSuffixes, type VirtualSuffix } from "./virtual-suffix.ts";

export interface EndpointTarget {
  readonly imagekitId: string;
  /** Everything behind `/<imagekitId>/`, byte for byte: what a signature covers (docs/protocol/delivery.md §3.1). */
  readonly rest: string;
}

export interface DeliveryUrl {
  /** The file's path, decoded, never empty. */
  readonly segments: readonly string[];
  /**
   * What stood behind the path and means something to be made of the file, in its order
   * (docs/protocol/delivery.md §1.4).
   */
  readonly suffixes: readonly VirtualSuffix[];
  /** The path is an alias whose last segment is for search engines (docs/protocol/delivery.md §10). */
  readonly seo: boolean;
  /** In the order in which they apply: the path's, then the query's; none is empty. */
  readonly transformations: readonly WrittenTransformation[];
  /** `ik-obj-version`, decoded. */
  readonly objectVersion: string | undefined;
  /** `updatedAt`, decoded. */
  readonly updatedAt: string | undefined;
  readonly attachment: Attachment | undefined;
  /** Whether a drawing is to be cleaned of what runs; `ik-sanitizeSvg` may say that it isn't. */
  readonly sanitizeSvg: boolean;
}

export interface Attachment {
  /** `ik-attachment-filename`, decoded: whatever its sender liked to write. */
  readonly name: string | undefined;
}

/**
 * Takes the account's id off a raw request target (docs/protocol/delivery.md §1).
 * @param target as Node gives it: in origin form, or in the absolute form that proxies use (RFC 9112 §3.2.2)
 */
export function splitEndpoint(target: string): EndpointTarget {
  const [withoutFragment = ""] = target.split("#", 1);
  const [, imagekitId = "", rest = ""] = /^(?:https?:\/\/[^/?]*)?\/([^/?]*)\/?(.*)$/is.exec(withoutFragment) ?? [];
  return { imagekitId, rest };
}

/**
 * Reads what stands behind the endpoint. Unknown query parameters are nobody's business here: they are a part of caches'
 * keys and of signatures alone.
 * @throws DeliveryRefusal PATH_INVALID, EXTERNAL_ORIGIN, QUERY_INVALID, or NOT_FOUND for a path that no file can have
 */
export function parseDeliveryUrl(rest: string): DeliveryUrl {
  const { path, query } = splitRest(rest);
  const pairs = query === undefined ? [] : splitQuery(query);
  const rawSegments = path.split("/");
  const step = rawSegments.findIndex(isTransformation);
  const inPath = step === -1 ? [] : [(rawSegments[step] ?? "").slice(transformationPrefix.length)];
  const inQuery = rawValues(pairs, "tr");
  const fileSegments = rawSegments.filter((_, index) => index !== step);
  refuseOtherHosts(fileSegments);
  const { segments, suffixes } = splitSuffixes(decodeSegments(fileSegments));
  const seo = segments.length > 1 && segments[0] === seoSegment;
  return {
    segments: seo ? segments.slice(1) : segments,
    suffixes,
    seo,
    transformations: [
      ...inPath.map((text) => ({ text, form: "path" as const })),
      ...inQuery.map((text) => ({ text, form: "query" as const })),
    ].filter(({ text }) => !emptyTransformation.test(text)),
    objectVersion: queryValue(pairs, "ik-obj-version"),
    updatedAt: queryValue(pairs, "updatedAt"),
    attachment: readAttachment(pairs),
    sanitizeSvg: readSwitch(pairs, "ik-sanitizeSvg", true),
  };
}

/** Path and query; a query that is missing isn't one that is empty. */
export function splitRest(rest: string): { readonly path: string; readonly query: string | undefined } {
  const mark = rest.indexOf("?");
  return mark === -1 ? { path: rest, query: undefined } : { path: rest.slice(0, mark), query: rest.slice(mark + 1) };
}

const transformationPrefix = "tr:";

/** No transformation: delimiters at most, with nothing between them (docs/protocol/transformations.md §1). */
const emptyTransformation = /^(?:tr:)?[,:]*$/;

/** Whether a raw path segment holds a transformation. No file's or folder's name begins so: `:` travels encoded in them. */
export function isTransformation(segment: string): boolean {
  return segment.startsWith(transformationPrefix);
}

/**
 * A web proxy is no part of this server, so a URL in the place of a path can't be meant otherwise, however its colon
 * and slashes are encoded (docs/protocol/delivery.md §1): no name begins so.
 */
function refuseOtherHosts(raw: readonly string[]): void {
  const [first = "", second = ""] = raw.filter(Boolean);
  const begin = first === seoSegment ? second : first;
  if (/^https?(:|%(25)*3a)/i.test(begin)) throw new DeliveryRefusal("EXTERNAL_ORIGIN");
}

/** Each segment is decoded by itself and once, so that no decoded character can change the path's shape. */
function decodeSegments(raw: readonly string[]): string[] {
  // SDKs that join with a slash too many mean the same file; a file followed by a slash is none.
  const [last = ""] = raw.slice(-1);
  const segments = raw.filter(Boolean).map(decodeSegment);
  if (last === "") throw new DeliveryRefusal("NOT_FOUND");
  return segments;
}

function decodeSegment(raw: string): string {
  const segment = percentDecode(raw);
  if (segment === undefined) throw new DeliveryRefusal("NOT_FOUND");
  // A backslash is a slash to URL parsers of browsers, a control character is nowhere part of a name.
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is refused
  if (segment === "." || segment === ".." || /[/\\\x00-\x1f\x7f]/.test(segment)) {
    throw new DeliveryRefusal("PATH_INVALID");
  }
  return segment;
}

function readAttachment(pairs: readonly QueryPair[]): Attachment | undefined {
  if (queryValue(pairs, "ik-attachment") !== "true") return undefined;
  return { name: queryValue(pairs, "ik-attachment-filename") };
}

function readSwitch(pairs: readonly QueryPair[], name: string, standard: boolean): boolean {
  const value = queryValue(pairs, name);
  if (value === undefined) return standard;
  if (value !== "true" && value !== "false") {
    throw new DeliveryRefusal("QUERY_INVALID", {}, { message: `${name} must be true or false` });
  }
  return value === "true";
}
