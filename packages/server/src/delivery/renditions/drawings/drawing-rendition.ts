import type { ImageEngine } from "../../../media/image/image-engine.ts";
import type { BlobStore } from "../../../storage/blob-store.ts";
import { refuseStored } from "../../find/access.ts";
import { sandboxPolicy } from "../../headers/conditional.ts";
import type { MadeRendition } from "../kept/kept-rendition.ts";
import { renditionKey } from "../kept/rendition-key.ts";
import { vector } from "../pictures/makes-picture.ts";
import type { Asked, Rendition } from "../rendition.ts";

export interface DrawingDeps {
  readonly blobs: Pick<BlobStore, "read">;
  readonly images: Pick<ImageEngine, "sanitise">;
}

/**
 * Makes a sanitised SVG drawing: the drawing is written anew with nothing in it that runs or fetches. A file that can't
 * be sanitised, because it is not a well-formed drawing or is very large, is delivered as plain text.
 * @returns undefined for other files, and where the URL asks for the stored bytes
 * @throws DeliveryRefusal PRIVATE
 */
export function drawingRendition(deps: DrawingDeps, asked: Asked): Rendition | undefined {
  const { version, rendition, sanitizes } = asked;
  if (rendition.kind === "original" || version.mime !== vector || !sanitizes) return undefined;
  refuseStored(version, asked);
  return {
    key: renditionKey(version, [vector, sanitiserRevision]),
    vary: [],
    headers: { "content-security-policy": sandboxPolicy },
    compressible: vector,
    make: (signal) => sanitise(deps, asked, signal),
    storedInstead: (outcome) => ("contentType" in outcome && outcome.contentType !== vector ? asText : undefined),
  };
}

/** The tag keeps this ETag apart from the drawing's, because the bytes of both are the same. */
const asText = { mime: "text/plain", tag: ".text" } as const;

async function sanitise(
  { blobs, images }: DrawingDeps,
  { version: { storage_key: key, size }, party }: Asked,
  signal: AbortSignal,
): Promise<MadeRendition> {
  const source = { size, open: (opened: AbortSignal) => blobs.read(key, undefined, opened) };
  const text = await images.sanitise(source, signal, party);
  // The cache also remembers that a file can't be sanitised, as an entry with no bytes.
  return { data: Buffer.from(text ?? ""), contentType: text === undefined ? asText.mime : vector, width: 0 };
}

/**
 * Raise this number when the sanitiser leaves something else of a drawing: drawings that were sanitised before are then
 * no longer served.
 */
const sanitiserRevision = 2;
