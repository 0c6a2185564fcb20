import type { Range } from "../../byte-source.ts";
import type { Reading } from "../../reading.ts";
import { segmentsBeforePixels } from "../headers/jpeg-segments.ts";
import { type FoundExif, type FoundMetadata, keepOrientation } from "./found-metadata.ts";

const app1 = 0xe1;
const app2 = 0xe2;
/** As much of the names of segments as the image library compares. */
const exifName = "Exif";
const profileName = "ICC_PROFILE";
/** The name with its end, the number of the part, and the number of all parts. */
const profileHead = profileName.length + 3;
const partAt = profileName.length + 1;

/** Finds all segments of EXIF, and the parts of a colour profile in the order in which the library joins them. */
export function* jpegMetadata(): Reading<FoundMetadata> {
  const exif: FoundExif[] = [];
  const profileSegments: Range[] = [];
  const parts = new Map<number, Range>();
  for (const { marker, offset, length } of yield* segmentsBeforePixels()) {
    if (marker !== app1 && marker !== app2) continue;
    const head = (yield { offset, length: Math.min(profileHead, length) }).toString("latin1");
    const place = { offset, length };
    if (marker === app1 && head.startsWith(exifName)) {
      exif.push({ place, hide: (copy, orientation) => keepOrientation(copy, place, orientation) });
    }
    if (marker === app2 && head.startsWith(profileName) && head.length === profileHead) {
      profileSegments.push(place);
      parts.set(head.charCodeAt(partAt), { offset: offset + profileHead, length: length - profileHead });
    }
  }
  const profile = { parts: joined(parts), hide: (copy: Buffer) => rename(copy, profileSegments) };
  return { exif, profiles: profile.parts.length > 0 ? [profile] : [], unwanted: [] };
}

/** The parts from the first one on, up to a number that is missing. Of parts of the same number the last one counts. */
function joined(parts: ReadonlyMap<number, Range>): readonly Range[] {
  const ranges: Range[] = [];
  for (let number = 1; ; number += 1) {
    const part = parts.get(number);
    if (part === undefined) return ranges;
    ranges.push(part);
  }
}

function rename(copy: Buffer, segments: readonly Range[]): void {
  for (const { offset } of segments) copy.write(profileName.toLowerCase(), offset, "latin1");
}
