import type { Database } from "../../database/database.ts";
import type { NamedTransformations } from "../../library/named-transformations/named-transformations.ts";
import type { AiPictures } from "../renditions/ai/ai-pictures.ts";
import type { RenditionCache } from "../renditions/kept/rendition-cache.ts";
import type { RenderNeeds } from "../renditions/pictures/render-picture.ts";
import type { recordPostTransformation } from "./record-post-transformation.ts";

/** The parts that are needed to make post-transformations and to report them. */
export interface PostTransformationNeeds extends RenderNeeds {
  readonly database: Pick<Database<{ recordPostTransformation: typeof recordPostTransformation }>, "reader" | "run">;
  readonly derived: Pick<RenditionCache, "get" | "find">;
  readonly ai: Pick<AiPictures, "effects" | "ask" | "forget">;
  readonly namedTransformations: Pick<NamedTransformations, "of">;
  /** The clock, in Unix milliseconds. */
  readonly now: () => number;
}
