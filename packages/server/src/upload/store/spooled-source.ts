import { createReadStream } from "node:fs";
import { Readable } from "node:stream";
import { BytesByteSource, FileByteSource, type MediaSource } from "../../media/byte-source.ts";
import type { ImageSource } from "../../media/image/image-source.ts";
import type { SpooledFile } from "../../spool/spool-file.ts";

/** A spooled file as the image engine opens it. */
export function imageSourceOf(spooled: SpooledFile): ImageSource {
  return {
    size: spooled.size,
    open: async () => ("chunks" in spooled ? Readable.from(spooled.chunks) : createReadStream(spooled.path)),
  };
}

/** A spooled file to look into; to be closed. */
export function mediaSourceOf(spooled: SpooledFile, signal: AbortSignal): MediaSource {
  return "chunks" in spooled
    ? new BytesByteSource(spooled.chunks, spooled.size, undefined)
    : new FileByteSource(spooled.path, spooled.size, undefined, signal);
}
