import { MediaError } from "../../media-error.ts";
import type { Size } from "../pixels/geometry.ts";
import type { Pause, Stage } from "../plan/stage.ts";

/** The stage after a pause that leaves the picture's size as it is; undefined where there is no such stage. */
export function nextStage(pause: Pause, size: Size): Stage | undefined {
  try {
    return pause.next({ left: 0, top: 0, ...size });
  } catch (error) {
    if (error instanceof MediaError) return undefined;
    throw error;
  }
}
