import type { Config } from "../config/config.ts";
import type { Connection } from "../database/database.ts";
import type { UrlEndpoints } from "../endpoints/url-endpoints/url-endpoints.ts";
import type { NamedTransformations } from "../library/named-transformations/named-transformations.ts";
import type { ImageEngine } from "../media/image/image-engine.ts";
import type { AnswerNeeds } from "./answers/needs.ts";
import type { DerivedCache } from "./derived/derived-cache.ts";

/** The parts that the composition root passes to the delivery code. */
export interface DeliveryNeeds extends AnswerNeeds {
  readonly config: Pick<Config, "imagekitId" | "v1Uploads">;
  readonly database: { readonly reader: Connection };
  readonly images: Pick<ImageEngine, "render" | "sanitise" | "hold">;
  readonly derived: Pick<DerivedCache, "get" | "recall">;
  readonly urlEndpoints: Pick<UrlEndpoints, "of">;
  readonly namedTransformations: Pick<NamedTransformations, "of">;
  /** The clock, in Unix milliseconds. */
  readonly now: () => number;
}
