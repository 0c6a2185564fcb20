import { readFile } from "node:fs/promises";
import type { ReadHeader } from "../formats/image-header.ts";
import { readLibraryHeader } from "../inspect/library-header.ts";

/** Reads headers with the image library in the process of the tests. */
export const readHeader: ReadHeader = async (file, formats) =>
  readLibraryHeader(typeof file === "string" ? await readFile(file) : file, formats);
