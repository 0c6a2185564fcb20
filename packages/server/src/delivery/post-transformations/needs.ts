import type { Database } from "../../database/database.ts";
import type { NamedTransformations } from "../../library/named-transformations/named-transformations.ts";
import type { RenditionCache } from "../renditions/kept/rendition-cache.ts";
import type { LaterRenditions } from "../renditions/later/later-renditions.ts";
import type { MakersNeeds } from "../renditions/rendition-of.ts";
import type { recordPostTransformation } from "./record-post-transformation.ts";
import type { waitForRendition } from "./wait-for-rendition.ts";

/** The parts that are needed to make post-transformations and to report them. */
export interface PostTransformationNeeds extends MakersNeeds {
  readonly database: MakersNeeds["database"] &
    Pick<
      Database<{
        recordPostTransformation: typeof recordPostTransformation;
        waitForRendition: typeof waitForRendition;
      }>,
      "reader" | "run"
    >;
  readonly derived: Pick<RenditionCache, "get" | "find">;
  readonly later: Pick<LaterRenditions, "ask" | "forget">;
  readonly namedTransformations: Pick<NamedTransformations, "of">;
}
