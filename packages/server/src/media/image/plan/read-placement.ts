import type { Layer, Position } from "@sluice/grammar";
import type { Anchor } from "../pixels/geometry.ts";
import type { LayerPlacement } from "./place-layer.ts";

/** The anchor of each position that a URL can name. */
export const anchors: Readonly<Record<Position, Anchor>> = {
  center: { x: 0.5, y: 0.5 },
  top: { x: 0.5, y: 0 },
  left: { x: 0, y: 0.5 },
  bottom: { x: 0.5, y: 1 },
  right: { x: 1, y: 0.5 },
  top_left: { x: 0, y: 0 },
  top_right: { x: 1, y: 0 },
  bottom_left: { x: 0, y: 1 },
  bottom_right: { x: 1, y: 1 },
};

export function readPlacement({ lx, ly, lxc, lyc, lap, lfo }: Layer["placement"]): LayerPlacement {
  const anchor = lap === undefined || lap === "top_left" ? undefined : anchors[lap];
  return { lx, ly, lxc, lyc, anchor, focus: anchors[lfo ?? "center"] };
}
