import type { Range } from "../../byte-source.ts";
import type { Reading } from "../../reading.ts";
import type { HeifBox } from "../headers/heif-boxes.ts";
import { type HeifItem, itemOrigins, readHeifItems } from "../headers/heif-items.ts";
import { type HeifMeta, readHeifMetas, versionLength } from "../headers/heif-meta.ts";
import type { FoundExif, FoundMetadata, FoundProfile, Hide } from "./found-metadata.ts";

/** The bytes before EXIF in its item, which the library skips. */
const exifOffsetLength = 4;
const profileTypes: readonly string[] = ["prof", "rICC"];
/** A type of boxes that readers skip. As the type of an item it means nothing. */
const skipped = "free";

/**
 * Finds the items of EXIF, and the colour profiles, whichever picture they are of. An item of EXIF that lies in several
 * pieces, or in another item, isn't shown: no camera writes it so.
 */
export function* heifMetadata(size: number): Reading<FoundMetadata> {
  const exif: FoundExif[] = [];
  const profiles: FoundProfile[] = [];
  const unwanted: Hide[] = [];
  for (const meta of (yield* readHeifMetas(size)) ?? []) {
    for (const { typeAt, items } of yield* readExifItems(meta)) {
      const hide = (copy: Buffer): void => void copy.write(skipped, typeAt, "latin1");
      const places = items.map((item) => placeOf(item, meta, size));
      for (const place of places) {
        if (place !== undefined) exif.push({ place, hide });
        else unwanted.push(hide);
      }
    }
    for (const box of meta.properties.filter(({ type }) => type === "colr")) {
      const kind = (yield { offset: box.start, length: 4 }).toString("latin1");
      if (!profileTypes.includes(kind)) continue;
      const part = { offset: box.start + kind.length, length: box.end - box.start - kind.length };
      profiles.push({ parts: [part], hide: (copy) => void copy.write(skipped, box.typeAt, "latin1") });
    }
  }
  return { exif, profiles, unwanted };
}

interface ExifItem {
  /** The position of the item's type in its description. */
  readonly typeAt: number;
  readonly items: readonly HeifItem[];
}

function* readExifItems({ descriptions, places }: HeifMeta): Reading<readonly ExifItem[]> {
  const found: { readonly id: number; readonly typeAt: number }[] = [];
  for (const box of descriptions) {
    const description = yield* readDescription(box);
    if (description?.type.toLowerCase() === "exif") found.push(description);
  }
  if (found.length === 0) return [];
  const items: HeifItem[] = [];
  for (const box of places) items.push(...((yield* readHeifItems(box)) ?? []));
  return found.map(({ id, typeAt }) => ({ typeAt, items: items.filter((item) => item.id === id) }));
}

/** Descriptions of the first two versions state no type. */
function* readDescription({
  start,
}: HeifBox): Reading<{ readonly id: number; readonly type: string; readonly typeAt: number } | undefined> {
  const head = yield { offset: start, length: versionLength + 10 };
  const idSize = head[0] === 2 ? 2 : head[0] === 3 ? 4 : undefined;
  if (idSize === undefined || head.length < versionLength + 10) return undefined;
  // Two bytes between the id and the type are about protection.
  const typeAt = versionLength + idSize + 2;
  const type = head.toString("latin1", typeAt, typeAt + 4);
  return { id: head.readUIntBE(versionLength, idSize), type, typeAt: start + typeAt };
}

/** @returns undefined for an item that isn't in one piece */
function placeOf({ origin, extents, first }: HeifItem, { data }: HeifMeta, size: number): Range | undefined {
  const [box, ...others] = data;
  const start =
    origin === itemOrigins.file ? 0 : origin === itemOrigins.data && others.length === 0 ? box?.start : undefined;
  if (start === undefined || extents !== 1) return undefined;
  const offset = start + first.offset + exifOffsetLength;
  // An item without a length reaches to the end.
  return { offset, length: first.length === 0 ? size : Math.max(first.length - exifOffsetLength, 0) };
}
