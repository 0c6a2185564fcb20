import { refuseMedia } from "../../refusals/media-refusal.ts";
import { refusing } from "../../url/requested-rendition.ts";

/** Turns what is wrong with a video's transformation into refusals, which say what its author can mend. */
export function refusingVideo<Result>(work: () => Result): Result {
  try {
    return refusing(work);
  } catch (error) {
    return refuseMedia(error);
  }
}
