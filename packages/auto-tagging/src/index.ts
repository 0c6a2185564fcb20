export type { FoundFace, FoundObject, FoundPlace } from "./found.ts";
export { labels } from "./labels.ts";
export type { ObjectTag } from "./object-rows.ts";
export {
  type InTurn,
  inputSize,
  PictureDetector,
  type PictureDetectorOptions,
  type RgbPicture,
} from "./picture-detector.ts";
