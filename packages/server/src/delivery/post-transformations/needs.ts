import type { Database } from "../../database/database.ts";
import type { NamedTransformations } from "../../library/named-transformations/named-transformations.ts";
import type { AiPictures } from "../ai/ai-pictures.ts";
import type { DerivedCache } from "../derived/derived-cache.ts";
import type { RenderNeeds } from "../derived/render-derived.ts";
import type { recordPostTransformation } from "./record-post-transformation.ts";

/** The parts that are needed to make post-transformations and to report them. */
export interface PostTransformationNeeds extends RenderNeeds {
  readonly database: Pick<Database<{ recordPostTransformation: typeof recordPostTransformation }>, "reader" | "run">;
  readonly derived: Pick<DerivedCache, "get" | "find">;
  readonly ai: Pick<AiPictures, "effects" | "ask" | "forget">;
  readonly namedTransformations: Pick<NamedTransformations, "of">;
  /** The clock, in Unix milliseconds. */
  readonly now: () => number;
}
