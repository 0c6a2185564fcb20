import type { Config } from "../config/config.ts";
import type { Origins } from "../endpoints/origins/origins.ts";
import type { SealedSecrets } from "../endpoints/origins/sealed-secrets.ts";
import type { UrlEndpoints } from "../endpoints/url-endpoints/url-endpoints.ts";
import type { NamedTransformations } from "../library/named-transformations/named-transformations.ts";
import type { ImageEngine } from "../media/image/image-engine.ts";
import type { AnswerDeps } from "./answers/deps.ts";
import type { Originals } from "./origins/originals.ts";
import type { RenditionCache } from "./renditions/kept/rendition-cache.ts";

/** The parts that the composition root passes to the delivery code. */
export interface DeliveryDeps extends AnswerDeps {
  readonly config: Pick<Config, "imagekitId" | "v1Uploads">;
  readonly images: Pick<ImageEngine, "render" | "detect" | "sanitise" | "hold">;
  readonly derived: Pick<RenditionCache, "get" | "find" | "recall">;
  readonly urlEndpoints: Pick<UrlEndpoints, "of">;
  readonly origins: Pick<Origins, "of">;
  readonly originals: Pick<Originals, "read" | "tellUnopened">;
  readonly sealedSecrets: Pick<SealedSecrets, "open">;
  readonly namedTransformations: Pick<NamedTransformations, "of">;
  /** The clock, in Unix milliseconds. */
  readonly now: () => number;
  /** The address under which clients reach this server, without a trailing slash. */
  readonly publicUrl: () => string;
}
