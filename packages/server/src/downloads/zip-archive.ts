import type { Readable } from "node:stream";
import { ZipFile } from "yazl";

export interface ZipEntry {
  readonly path: string;
  /** The size in bytes. */
  readonly size: number;
  readonly modifiedAt: Date;
  open(signal: AbortSignal): Promise<Readable>;
}

export interface ZipArchive {
  /** The exact size of the archive in bytes. */
  readonly size: number;
  readonly body: Readable;
}

/** From this number of files on, the end of every archive has the form of zip64. */
const zip64Entries = 50;

/** Files of an archive get these rights where it is unpacked: everybody reads, the owner writes, nobody runs. */
const fileMode = 0o100644;

/**
 * Makes an archive of stored, uncompressed files. It is read as its reader reads it, one file after another: at no time
 * are two files open. A file that can't be read, or has another size, ends the body with an error, so that the client
 * gets fewer bytes than were announced. Whoever destroys the body ends the reading.
 */
export function zipArchive(entries: readonly ZipEntry[]): ZipArchive {
  const zip = new ZipFile();
  const reading = new AbortController();
  let current: Readable | undefined;
  // yazl types it as the least of streams.
  const body = zip.outputStream as Readable;
  const fail = (error: Error) => void body.destroy(error);
  zip.on("error", fail);
  body.once("close", () => {
    reading.abort();
    current?.destroy();
  });
  for (const { path, size, modifiedAt, open } of entries) {
    const options = { size, mtime: modifiedAt, mode: fileMode, compress: false };
    zip.addReadStreamLazy(path, options, (done) => {
      openEntry(open, reading.signal).then((stream) => {
        current = stream;
        stream.once("error", fail);
        done(null, stream);
      }, fail);
    });
  }
  let size: number | undefined;
  // Where the list of the files takes 64 KiB, yazl counts on the form of zip64, and writes the other one unless told so.
  zip.end({ comment: "", forceZip64Format: entries.length >= zip64Entries }, (total?: number) => {
    size = total;
  });
  if (size === undefined || size < 0) throw new Error("the size of an archive is not known beforehand");
  return { size, body };
}

async function openEntry(open: ZipEntry["open"], signal: AbortSignal): Promise<Readable> {
  signal.throwIfAborted();
  const stream = await open(signal);
  if (!signal.aborted) return stream;
  stream.destroy();
  throw signal.reason;
}
