/**
 * The kind of a file's content. It is decided here alone, from the type that the bytes show, and is stored with each
 * version (`media-facts.ts`). Everything else reads the stored kind.
 */
export type MediaKind = "picture" | "video" | "audio" | "document" | "other";

/** The kinds by the first part of a type's name. */
const kindsByFamily: Readonly<Record<string, MediaKind>> = { image: "picture", video: "video", audio: "audio" };

/** The kinds of media types whose name doesn't show their kind. Pages of a document are shown as pictures. */
const kindsByName: Readonly<Record<string, MediaKind>> = {
  "application/mxf": "video",
  "application/pdf": "document",
  "application/vnd.ms-asf": "video",
  "application/vnd.rn-realmedia": "video",
  "image/mj2": "video",
};

/** @param mime in lower case, without parameters */
export function kindOf(mime: string): MediaKind {
  return kindsByName[mime] ?? kindsByFamily[mime.split("/", 1)[0] ?? ""] ?? "other";
}
