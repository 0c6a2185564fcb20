import { crc32 } from "node:zlib";
import type { Range } from "../../byte-source.ts";
import type { Reading } from "../../reading.ts";
import { maxDecodedChunks } from "../headers/png-header.ts";
import { type FoundExif, type FoundMetadata, type FoundProfile, type Hide, keepOrientation } from "./found-metadata.ts";

const firstChunk = 8;
const headLength = 8;
const checksumLength = 4;

/**
 * The most bytes of all compressed texts before the pixels. The image library expands each to up to eight megabytes, of
 * which it makes copies. A hundred of 8 KB each take three seconds and two gigabytes.
 */
const maxDeflatedTexts = 16 * 1024;

/** The most bytes of a keyword or a profile's name, with the byte that ends it. */
const maxName = 80;
const deflatedFlag = 1;

/** Texts in which some programs write EXIF. Later versions of the image library read it. No reader here does. */
const exifTexts: ReadonlySet<string> = new Set(["Raw profile type exif", "Raw profile type APP1"]);

/**
 * Finds EXIF and the colour profile before the pixels. A picture may have one profile; of several, none is shown. So are
 * the compressed texts if they are too many: no rendering has a text, but for XMP.
 */
export function* pngMetadata(): Reading<FoundMetadata> {
  const exif: FoundExif[] = [];
  const profiles: FoundProfile[] = [];
  const exifAsText: Hide[] = [];
  const deflated: Hide[] = [];
  let deflatedBytes = 0;
  let offset = firstChunk;
  for (let chunks = 0; chunks < maxDecodedChunks; chunks += 1) {
    const start = yield { offset, length: headLength };
    const type = start.toString("latin1", 4, 8);
    if (start.length < headLength || type === "IDAT" || type === "IEND") break;
    const place = { offset: offset + headLength, length: start.readUInt32BE(0) };
    const hide = (copy: Buffer): void => rename(copy, place);
    if (type === "eXIf") {
      exif.push({
        place,
        hide: (copy, orientation) => {
          keepOrientation(copy, place, orientation);
          writeChecksum(copy, place);
        },
      });
    } else if (type === "iCCP") {
      const name = yield* nameIn(place);
      // The byte behind the name states the compression, of which there is one.
      const from = name.length + 2;
      profiles.push({ parts: [{ offset: place.offset + from, length: place.length - from }], isDeflated: true, hide });
    } else if (texts.has(type)) {
      const name = yield* nameIn(place);
      if (exifTexts.has(name)) exifAsText.push(hide);
      else if (type === "zTXt" || (type === "iTXt" && (yield* isDeflatedText(place, name)))) {
        deflated.push(hide);
        deflatedBytes += place.length;
      }
    }
    offset = place.offset + place.length + checksumLength;
  }
  const unwanted = [...exifAsText, ...(deflatedBytes > maxDeflatedTexts ? deflated : [])];
  if (profiles.length <= 1) return { exif, profiles, unwanted };
  return { exif, profiles: [], unwanted: [...unwanted, ...profiles.map(({ hide }) => hide)] };
}

const texts: ReadonlySet<string> = new Set(["tEXt", "zTXt", "iTXt"]);

function* nameIn({ offset, length }: Range): Reading<string> {
  const start = (yield { offset, length: Math.min(length, maxName) }).toString("latin1");
  const end = start.indexOf("\0");
  return end === -1 ? start : start.slice(0, end);
}

function* isDeflatedText({ offset }: Range, name: string): Reading<boolean> {
  return (yield { offset: offset + name.length + 1, length: 1 })[0] === deflatedFlag;
}

/** Makes a chunk private by the case of its type's second letter. Readers skip the private chunks that they don't know. */
function rename(copy: Buffer, place: Range): void {
  const letter = place.offset - 3;
  copy.writeUInt8(copy.readUInt8(letter) | 0x20, letter);
  writeChecksum(copy, place);
}

/** Writes the checksum of a chunk's type and content. A chunk that the file's end cuts off has none. */
function writeChecksum(copy: Buffer, { offset, length }: Range): void {
  const end = offset + length;
  if (end + checksumLength <= copy.length) copy.writeUInt32BE(crc32(copy.subarray(offset - 4, end)), end);
}
