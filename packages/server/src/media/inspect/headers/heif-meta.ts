import type { Reading } from "../../reading.ts";
import { type HeifBox, readHeifBoxes } from "./heif-boxes.ts";

/** The bytes of a version and flags, with which the content of many boxes begins. */
export const versionLength = 4;

/** The boxes that describe the items of a file: pictures, their tiles, and metadata. */
export interface HeifMeta {
  /** The places of the items' bytes: the boxes `iloc`. */
  readonly places: readonly HeifBox[];
  /** The boxes `idat`, in which items may have their bytes. */
  readonly data: readonly HeifBox[];
  /** The types of the items: the boxes `infe`. */
  readonly descriptions: readonly HeifBox[];
  /** The properties of items, which associations name by their numbers, from 1. */
  readonly properties: readonly HeifBox[];
  /** The boxes `ipma`. */
  readonly associations: readonly HeifBox[];
  /** References among the items. The type of each box is that of its references. */
  readonly references: readonly ReferenceBox[];
}

export interface ReferenceBox extends HeifBox {
  readonly idSize: 2 | 4;
}

/**
 * Reads what the boxes `meta` of a file say of its items.
 * @returns undefined for a file of more boxes than are looked at, with two lists of properties, or in the short form
 * (`mini`), which nothing here reads
 */
export function* readHeifMetas(size: number): Reading<readonly HeifMeta[] | undefined> {
  const top = yield* readHeifBoxes(0, size);
  if (top === undefined || top.some(({ type }) => type === "mini")) return undefined;
  const metas: HeifMeta[] = [];
  for (const box of ofType(top, "meta")) {
    const meta = yield* readMeta(box);
    if (meta === undefined) return undefined;
    metas.push(meta);
  }
  return metas;
}

function* readMeta(box: HeifBox): Reading<HeifMeta | undefined> {
  const boxes = yield* readHeifBoxes(box.start + versionLength, box.end);
  const descriptions = boxes && (yield* readAll(ofType(boxes, "iinf"), readDescriptions));
  const references = boxes && (yield* readAll(ofType(boxes, "iref"), readReferences));
  const listed = boxes && (yield* readAll(ofType(boxes, "iprp"), ({ start, end }) => readHeifBoxes(start, end)));
  const lists = listed && ofType(listed, "ipco");
  const properties = lists && (yield* readAll(lists, ({ start, end }) => readHeifBoxes(start, end)));
  if (descriptions === undefined || references === undefined || properties === undefined) return undefined;
  if (boxes === undefined || listed === undefined || lists === undefined || lists.length > 1) return undefined;
  const places = ofType(boxes, "iloc");
  const data = ofType(boxes, "idat");
  return { places, data, descriptions, properties, associations: ofType(listed, "ipma"), references };
}

function ofType(boxes: readonly HeifBox[], type: string): readonly HeifBox[] {
  return boxes.filter((box) => box.type === type);
}

/** Reads the children of some boxes. @returns undefined where one of them has too many */
function* readAll<Child extends HeifBox>(
  boxes: readonly HeifBox[],
  read: (box: HeifBox) => Reading<readonly Child[] | undefined>,
): Reading<readonly Child[] | undefined> {
  const all: Child[] = [];
  for (const box of boxes) {
    const children = yield* read(box);
    if (children === undefined) return undefined;
    all.push(...children);
  }
  return all;
}

/** The number of items, which stands before their descriptions, has two bytes in the first version. */
function* readDescriptions({ start, end }: HeifBox): Reading<readonly HeifBox[] | undefined> {
  const version = (yield { offset: start, length: 1 })[0];
  return yield* readHeifBoxes(start + versionLength + (version === 0 ? 2 : 4), end);
}

function* readReferences({ start, end }: HeifBox): Reading<readonly ReferenceBox[] | undefined> {
  const version = (yield { offset: start, length: 1 })[0];
  const boxes = yield* readHeifBoxes(start + versionLength, end);
  return boxes?.map((box) => ({ ...box, idSize: version === 0 ? 2 : 4 }));
}
