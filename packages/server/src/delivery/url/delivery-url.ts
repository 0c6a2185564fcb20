import { percentDecode, type WrittenTransformation } from "@sluice/grammar";
import { seoSegment } from "../../library/names.ts";
import { RemoteError } from "../../network/remote-error.ts";
import { parseRemoteUrl } from "../../network/remote-url.ts";
import { DeliveryRefusal } from "../refusals/refusal.ts";
import { type QueryPair, queryValue, rawValues, splitQuery } from "./query.ts";
import { type SuffixedPath, splitSuffixes, type VirtualSuffix } from "./virtual-suffix.ts";

export interface EndpointTarget {
  readonly imagekitId: string;
  /** Everything behind `/<imagekitId>/`, byte for byte: what a signature covers (docs/protocol/delivery.md §3.1). */
  readonly rest: string;
}

export interface DeliveryUrl {
  /** The absolute URL that stands in the place of the path (docs/protocol/delivery.md §1). */
  readonly remote: URL | undefined;
  /** The file's path, decoded, never empty. */
  readonly segments: readonly string[];
  /**
   * The virtual suffixes behind the path, in their order. Each asks for something to be made of the file
   * (docs/protocol/delivery.md §1.4).
   */
  readonly suffixes: readonly VirtualSuffix[];
  /** Whether the path is an alias whose last segment is for search engines (docs/protocol/delivery.md §10). */
  readonly seo: boolean;
  /**
   * The transformations in the order in which they apply: those of the path first, then those of the query. None is
   * empty.
   */
  readonly transformations: readonly WrittenTransformation[];
  /** The whole query, byte for byte; undefined where there is none. */
  readonly query: string | undefined;
  /** `ik-obj-version`, decoded. */
  readonly objectVersion: string | undefined;
  /** `updatedAt`, decoded. */
  readonly updatedAt: string | undefined;
  /**
   * The pairs of the query without a meaning of their own, as they were written. They ask for another variation of what
   * a model makes (docs/protocol/transformations.md §6.4).
   */
  readonly others: string;
  readonly attachment: Attachment | undefined;
  /** Whether an SVG drawing is sanitised, which removes what runs in it. `ik-sanitizeSvg` can turn that off. */
  readonly sanitizeSvg: boolean;
}

export interface Attachment {
  /** `ik-attachment-filename`, decoded. The sender may have written anything. */
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

export interface ParsingOptions {
  /** Whether an absolute URL may stand in the place of the path. */
  readonly takesUrls?: boolean;
}

/**
 * Parses the part of a URL behind the endpoint. Unknown query parameters are ignored here: they only matter for
 * signatures and as a part of caches' keys.
 * @throws DeliveryRefusal PATH_INVALID, EXTERNAL_ORIGIN, QUERY_INVALID, or NOT_FOUND for a path that no file can have
 */
export function parseDeliveryUrl(rest: string, { takesUrls = false }: ParsingOptions = {}): DeliveryUrl {
  const { path, query } = splitRest(rest);
  const pairs = query === undefined ? [] : splitQuery(query);
  const rawSegments = path.split("/");
  const step = rawSegments.findIndex(isTransformation);
  const inPath = step === -1 ? [] : [(rawSegments[step] ?? "").slice(transformationPrefix.length)];
  const inQuery = rawValues(pairs, "tr");
  const fileSegments = rawSegments.filter((_, index) => index !== step);
  const remote = readRemote(fileSegments, takesUrls);
  const { segments, suffixes } = remote ?? splitSuffixes(decodeSegments(fileSegments));
  const seo = segments.length > 1 && segments[0] === seoSegment;
  return {
    remote: remote?.url,
    segments: seo ? segments.slice(1) : segments,
    suffixes,
    seo,
    transformations: [
      ...inPath.map((text) => ({ text, form: "path" as const })),
      ...inQuery.map((text) => ({ text, form: "query" as const })),
    ].filter(({ text }) => !emptyTransformation.test(text)),
    query,
    objectVersion: queryValue(pairs, "ik-obj-version"),
    updatedAt: queryValue(pairs, "updatedAt"),
    others: pairs
      .filter(({ name }) => name !== "tr" && name !== "updatedAt" && !name.startsWith("ik-"))
      .map(({ text }) => text)
      .join("&"),
    attachment: readAttachment(pairs),
    sanitizeSvg: readSwitch(pairs, "ik-sanitizeSvg", true),
  };
}

/** Splits a target into path and query. A missing query is undefined; an empty query is an empty string. */
export function splitRest(rest: string): { readonly path: string; readonly query: string | undefined } {
  const mark = rest.indexOf("?");
  return mark === -1 ? { path: rest, query: undefined } : { path: rest.slice(0, mark), query: rest.slice(mark + 1) };
}

const transformationPrefix = "tr:";

/** An empty transformation: at most delimiters with nothing between them (docs/protocol/transformations.md §1). */
const emptyTransformation = /^(?:tr:)?[,:]*$/;

/**
 * Whether a raw path segment holds a transformation. No file or folder name looks like that, because `:` is
 * percent-encoded in names.
 */
export function isTransformation(segment: string): boolean {
  return segment.startsWith(transformationPrefix);
}

interface RemotePath extends SuffixedPath {
  readonly url: URL;
}

/**
 * Reads a URL in the place of a path, however its colon and slashes are encoded (docs/protocol/delivery.md §1). No name
 * begins like a URL, so the text can't mean anything else. What is encoded as a whole is decoded once.
 * @returns undefined for a path
 * @throws DeliveryRefusal EXTERNAL_ORIGIN, PATH_INVALID
 */
function readRemote(raw: readonly string[], takesUrls: boolean): RemotePath | undefined {
  const present = raw.filter(Boolean);
  const [first = "", second = ""] = present;
  const begin = first === seoSegment ? second : first;
  if (!/^https?(:|%(25)*3a)/i.test(begin)) return undefined;
  if (!takesUrls || first === seoSegment) throw new DeliveryRefusal("EXTERNAL_ORIGIN");
  const { segments, suffixes } = splitSuffixes(present);
  const joined = segments.join("/");
  const text = /^https?:/i.test(joined) ? joined : percentDecode(joined);
  // A proxy in front may have made one slash of two.
  const url = parsedRemote(text?.replace(/^(https?:)\/*/i, "$1//") ?? "");
  return { url, segments: [url.pathname.split("/").at(-1) || url.hostname], suffixes };
}

function parsedRemote(text: string): URL {
  try {
    const url = parseRemoteUrl(text, "The URL");
    url.hash = "";
    return url;
  } catch (error) {
    if (!(error instanceof RemoteError)) throw error;
    throw new DeliveryRefusal("PATH_INVALID", {}, { message: error.message.replace(/\.$/, ""), cause: error });
  }
}

/** Decodes each segment separately and only once, so that no decoded character can change the path's structure. */
function decodeSegments(raw: readonly string[]): string[] {
  // Some SDKs join paths with a redundant slash and still mean the same file. A path that ends with a slash is no file.
  const [last = ""] = raw.slice(-1);
  const segments = raw.filter(Boolean).map(decodeSegment);
  if (last === "") throw new DeliveryRefusal("NOT_FOUND");
  return segments;
}

function decodeSegment(raw: string): string {
  const segment = percentDecode(raw);
  if (segment === undefined) throw new DeliveryRefusal("NOT_FOUND");
  // Browsers' URL parsers read a backslash as a slash. Control characters are never part of a name.
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
