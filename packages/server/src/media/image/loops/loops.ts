import { type CastShadow, castShadow } from "./cast-shadow.ts";
import type { Raster } from "./raster.ts";
import { type Arc, arc, type Displacement, displace, type Perspective, perspective } from "./remap.ts";
import { type ColourReplacement, replaceColour } from "./replace-colour.ts";

/** The work of one loop over all pixels. */
export type Loop = ColourReplacement | Perspective | Arc | Displacement | CastShadow;

/** Does a loop's work, in the thread that calls it. It may write into the memory of the raster. */
export function doLoop(raster: Raster, loop: Loop): Raster {
  switch (loop.kind) {
    case "replace-colour":
      return replaceColour(raster, loop);
    case "perspective":
      return perspective(raster, loop);
    case "arc":
      return arc(raster, loop);
    case "displace":
      return displace(raster, loop);
    case "cast-shadow":
      return castShadow(raster, loop);
  }
}
