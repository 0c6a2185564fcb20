import { Type } from "typebox";
import type { Shape } from "./shape.ts";

const Description = Type.String({ minLength: 1, maxLength: 1000 });
const UrlPrefix = Type.String({ maxLength: 100 });
const OriginIds = Type.Array(Type.String(), { maxItems: 10 });
const PlainRewriter = Type.Object({ type: Type.Enum(["IMGIX", "AKAMAI"]) });

/** A URL endpoint: the beginning of delivery URLs, and what they lead to (docs/protocol/media-api.md §10). */
export const UrlEndpointObject = Type.Object({
  id: Type.String(),
  description: Description,
  urlPrefix: UrlPrefix,
  origins: OriginIds,
  urlRewriter: Type.Optional(
    Type.Union([
      Type.Object({ type: Type.Literal("CLOUDINARY"), preserveAssetDeliveryTypes: Type.Boolean() }),
      PlainRewriter,
    ]),
  ),
});
export type UrlEndpointObject = Shape<typeof UrlEndpointObject>;

export const UrlEndpointList = Type.Array(UrlEndpointObject);

export const UrlEndpointRequest = Type.Object({
  description: Description,
  urlPrefix: Type.Optional(UrlPrefix),
  origins: Type.Optional(OriginIds),
  urlRewriter: Type.Optional(
    Type.Union([
      Type.Object({
        type: Type.Literal("CLOUDINARY"),
        preserveAssetDeliveryTypes: Type.Optional(Type.Boolean({ default: false })),
      }),
      PlainRewriter,
    ]),
  ),
});
