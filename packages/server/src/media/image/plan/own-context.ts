import { defaultDelivery } from "./choose-output.ts";
import type { PlanContext } from "./plan.ts";

/**
 * The context of a picture that the server makes for itself, as for a model. No client and no account's settings change
 * it: the picture's own colours matter, and it is upright.
 */
export const ownContext: Pick<PlanContext, "accepted" | "settings" | "hints" | "area"> = Object.freeze({
  accepted: { webp: false, avif: false },
  settings: Object.freeze({ ...defaultDelivery, bestFormat: false }),
  hints: {},
  area: undefined,
});
