import { createReadStream } from "node:fs";
import { Readable } from "node:stream";
import { BytesByteSource, FileByteSource, type MediaSource } from "../../media/byte-source.ts";
import type { ImageSource } from "../../media/image/image-source.ts";
import { StoredByteSource } from "../../media/stored-byte-source.ts";
import type { SpooledFile } from "../../spool/spool-file.ts";

/** A spooled file as a source that the image engine can open. */
export function imageSourceOf(spooled: SpooledFile): ImageSource {
  if ("openRange" in spooled) return spooled;
  return {
    size: spooled.size,
    path: "path" in spooled ? spooled.path : undefined,
    open: async () => ("chunks" in spooled ? Readable.from(spooled.chunks) : createReadStream(spooled.path)),
  };
}

/** A spooled file as a source for inspection. The caller closes it. */
export function mediaSourceOf(spooled: SpooledFile, signal: AbortSignal): MediaSource {
  if ("openRange" in spooled) return new StoredByteSource(spooled, signal);
  return "chunks" in spooled
    ? new BytesByteSource(spooled.chunks, spooled.size, undefined)
    : new FileByteSource(spooled.path, spooled.size, undefined, signal);
}
