export { labels } from "./labels.ts";
export { inputSize, ObjectTagger, type ObjectTaggerOptions } from "./object-tagger.ts";
export type { ObjectTag } from "./tags-of-detections.ts";
