import type { Range } from "../byte-source.ts";
import type { Reading } from "../reading.ts";
import { type FoundMetadata, nothingFound } from "./found-metadata.ts";
import {
  type HeifBox,
  type HeifItem,
  type HeifMeta,
  itemOrigins,
  readHeifItems,
  readHeifMetas,
  versionLength,
} from "./heif-boxes.ts";

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
  const found = nothingFound();
  for (const meta of (yield* readHeifMetas(size)) ?? []) {
    for (const { typeAt, item } of yield* readExifItems(meta)) {
      const hide = (copy: Buffer): void => void copy.write(skipped, typeAt, "latin1");
      const place = placeOf(item, meta, size);
      if (place !== undefined) found.exif.push({ place, hide });
      else found.unwanted.push(hide);
    }
    for (const box of meta.properties.filter(({ type }) => type === "colr")) {
      const kind = (yield { offset: box.start, length: 4 }).toString("latin1");
      if (!profileTypes.includes(kind)) continue;
      const part = { offset: box.start + kind.length, length: box.end - box.start - kind.length };
      found.profiles.push({ parts: [part], hide: (copy) => void copy.write(skipped, box.typeAt, "latin1") });
    }
  }
  return found;
}

interface ExifItem {
  /** The position of the item's type in its description. */
  readonly typeAt: number;
  readonly item: HeifItem;
}

function* readExifItems({ descriptions, places }: HeifMeta): Reading<readonly ExifItem[]> {
  const found: Description[] = [];
  for (const box of descriptions) {
    const description = yield* readDescription(box);
    if (description?.type.toLowerCase() === "exif") found.push(description);
  }
  const items: HeifItem[] = [];
  for (const box of found.length === 0 ? [] : places) items.push(...((yield* readHeifItems(box)) ?? []));
  return found.flatMap(({ id, typeAt }) => items.filter((item) => item.id === id).map((item) => ({ typeAt, item })));
}

interface Description {
  readonly id: number;
  readonly type: string;
  readonly typeAt: number;
}

/** Descriptions of the first two versions state no type. */
function* readDescription({ start }: HeifBox): Reading<Description | undefined> {
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
