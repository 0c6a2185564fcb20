import { type Offset, settlePlacement } from "@sluice/grammar";
import { type Anchor, intersection, type Region, type Size, within } from "../pixels/geometry.ts";
import { variablesOf } from "./known-sizes.ts";

/** The place of a layer on its parent (docs/protocol/transformations.md §6.2). */
export interface LayerPlacement {
  readonly lx?: Offset | undefined;
  readonly ly?: Offset | undefined;
  readonly lxc?: Offset | undefined;
  readonly lyc?: Offset | undefined;
  /**
   * The point of the parent from which the offsets count, and the point of the layer that lies there. Without it both
   * are the top left corners, and a negative offset measures from the opposite edge.
   */
  readonly anchor?: Anchor | undefined;
  /** The place of a layer without offsets. */
  readonly focus: Anchor;
}

/** The sizes that arithmetic in offsets may use. */
export interface LayerSizes {
  readonly parent: Size;
  /** The layer as it is drawn. */
  readonly layer: Size;
  /** The file that the layer shows, before anything is done to it. */
  readonly initial: Size;
}

/** The left or top edge of a layer, which may be outside of the parent. Both are whole pixels. */
export interface LayerPosition {
  readonly left: number;
  readonly top: number;
}

interface AxisPlacement {
  readonly edge: ReadOffset | undefined;
  readonly centre: ReadOffset | undefined;
  readonly anchor: number | undefined;
  readonly focus: number;
}

/**
 * Places a layer on its parent. Offsets that leave the parent are pulled back inside, and a layer that is larger than
 * the parent covers all of it.
 * @throws TransformationError NOT_A_SIZE for arithmetic without a result
 */
export function placeLayer(placement: LayerPlacement, sizes: LayerSizes): LayerPosition {
  const { anchor, focus } = placement;
  const { lx, ly, lxc, lyc } = settledOffsets(placement, sizes);
  const hasOffsets = [lx, ly, lxc, lyc].some((offset) => offset !== undefined);
  const across = { edge: lx, centre: lxc, anchor: anchor?.x, focus: hasOffsets ? 0.5 : focus.x };
  const down = { edge: ly, centre: lyc, anchor: anchor?.y, focus: hasOffsets ? 0.5 : focus.y };
  return {
    left: placeOn(across, sizes.parent.width, sizes.layer.width),
    top: placeOn(down, sizes.parent.height, sizes.layer.height),
  };
}

type ReadOffset = Extract<Offset, { readonly kind: "offset" }>;

function placeOn({ edge, centre, anchor, focus }: AxisPlacement, parent: number, layer: number): number {
  const room = parent - layer;
  const wanted =
    edge !== undefined
      ? fromEdge(edge, anchor, parent, layer)
      : centre !== undefined
        ? fromCentre(centre, anchor, parent) - layer / 2
        : room * focus;
  // An odd pixel is left free on the right or at the bottom, as with padding.
  return within(Math.floor(wanted), Math.min(room, 0), Math.max(room, 0)) + 0;
}

function fromEdge(
  { distance, negative }: ReadOffset,
  anchor: number | undefined,
  parent: number,
  layer: number,
): number {
  if (anchor === undefined) return negative ? parent - layer - distance : distance;
  return (parent - layer) * anchor + (negative ? -distance : distance);
}

function fromCentre({ distance, negative }: ReadOffset, anchor: number | undefined, parent: number): number {
  if (anchor === undefined) return negative ? parent - distance : distance;
  return parent * anchor + (negative ? -distance : distance);
}

const noOffset = { distance: 0, negative: false } as const;

/** The shift that a map makes at its strongest, in pixels to the right and downwards. */
export interface Shift {
  readonly x: number;
  readonly y: number;
}

/**
 * Reads the offsets of a layer that displaces the picture below. They say by how much, so the layer lies where its focus
 * says (docs/protocol/transformations.md §6.2).
 * @throws TransformationError NOT_A_SIZE for arithmetic without a result
 */
export function shiftOf(placement: LayerPlacement, sizes: LayerSizes): Shift {
  const { lx, ly } = settledOffsets(placement, sizes);
  return { x: signed(lx), y: signed(ly) };
}

function signed({ distance, negative }: Pick<ReadOffset, "distance" | "negative"> = noOffset): number {
  return negative ? -distance : distance;
}

/** Works out the arithmetic in offsets. */
function settledOffsets({ lx, ly, lxc, lyc }: LayerPlacement, { layer, ...sizes }: LayerSizes): ReadOffsets {
  const written = Object.entries({ lx, ly, lxc, lyc }).filter(([, offset]) => offset !== undefined);
  const settled = settlePlacement(Object.fromEntries(written), variablesOf({ ...sizes, current: layer }));
  return settled as ReadOffsets;
}

type ReadOffsets = Partial<Record<"lx" | "ly" | "lxc" | "lyc", ReadOffset>>;

/** The part of the layer that lies on the parent. Its place is counted from the layer's own corner. */
export function visiblePart(position: LayerPosition, { parent, layer }: Pick<LayerSizes, "parent" | "layer">): Region {
  const shown = intersection(layer, { left: -position.left, top: -position.top, ...parent });
  // A placed layer always shares a pixel with its parent.
  return shown ?? { left: 0, top: 0, width: 1, height: 1 };
}
