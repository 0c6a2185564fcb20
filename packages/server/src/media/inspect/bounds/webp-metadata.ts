import type { Reading } from "../../reading.ts";
import {
  type FoundExif,
  type FoundMetadata,
  type FoundProfile,
  keepOrientation,
  noMetadata,
} from "./found-metadata.ts";

const firstChunk = 12;
const chunkHeader = 8;
const frameHeader = 16;
/** As many chunks as a picture may have whose frames are counted. */
const maxChunks = 20_000;
const flagsAt = firstChunk + chunkHeader;
const flags = { profile: 0x20, exif: 0x08 };

/** Finds the chunks of EXIF and of colour profiles, wherever they stand. The library goes on within a frame. */
export function* webpMetadata(): Reading<FoundMetadata> {
  const first = yield { offset: firstChunk, length: chunkHeader + 1 };
  // Only the extended format has metadata. The library looks for what the flags announce.
  const said = first.toString("latin1", 0, 4) === "VP8X" ? (first[chunkHeader] ?? 0) : 0;
  if ((said & (flags.profile | flags.exif)) === 0) return noMetadata;
  const exif: FoundExif[] = [];
  const profiles: FoundProfile[] = [];
  let offset = firstChunk;
  for (let chunks = 0; chunks < maxChunks; chunks += 1) {
    const header = yield { offset, length: chunkHeader };
    if (header.length < chunkHeader) break;
    const type = header.toString("latin1", 0, 4);
    const length = header.readUInt32LE(4);
    const place = { offset: offset + chunkHeader, length };
    if (type === "ICCP" && (said & flags.profile) !== 0) profiles.push({ parts: [place], hide: clearProfileFlag });
    if (type === "EXIF" && (said & flags.exif) !== 0)
      exif.push({ place, hide: (copy, orientation) => keepOrientation(copy, place, orientation) });
    offset += chunkHeader + (type === "ANMF" ? frameHeader : length + (length % 2));
  }
  return { exif, profiles, unwanted: [] };
}

/** Without the flag, the library looks for no profile. */
function clearProfileFlag(copy: Buffer): void {
  copy.writeUInt8(copy.readUInt8(flagsAt) & ~flags.profile, flagsAt);
}
