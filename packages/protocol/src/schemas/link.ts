import { Type } from "typebox";
import { previewSidesText } from "../preview-sides.ts";
import type { Shape } from "./shape.ts";

const end = (description: string) => Type.String({ format: "date-time", description });

/** The body of `POST /_sluice/previews`. */
export const PreviewsRequest = Type.Object({
  versionIds: Type.Array(Type.String(), {
    minItems: 1,
    maxItems: 100,
    description: "The ids in versionInfo of files, of current versions and old ones.",
  }),
});

export const MadePreviews = Type.Object({
  previews: Type.Array(
    Type.Object({
      versionId: Type.String(),
      url: Type.String({
        description: `With &side=${previewSidesText} the URL shows a picture that is scaled down. With &page=2 as well, the picture shows page 2.`,
      }),
    }),
  ),
  missing: Type.Array(Type.String(), { description: "Those of the ids that name no version of the account." }),
  expiresAt: end("When the links stop working: ten to fifteen minutes from now."),
});
export type MadePreviews = Shape<typeof MadePreviews>;

/** The body of `POST /_sluice/signed-urls`. */
export const SignaturesRequest = Type.Object({
  fileId: Type.String(),
  versionId: Type.Optional(Type.String({ description: "Left out, the URLs open the current version." })),
  transformations: Type.Optional(
    Type.Array(Type.String(), {
      minItems: 1,
      maxItems: 20,
      default: [""],
      description: "As they stand in a URL. An empty text asks for the URL of the file itself.",
    }),
  ),
  thumbnails: Type.Optional(
    Type.Array(Type.String(), {
      minItems: 1,
      maxItems: 20,
      description: "Transformations in which the file's still picture is asked for, such as the poster of a video.",
    }),
  ),
  expireSeconds: Type.Integer({ minimum: 1, maximum: 31_536_000, description: "The time for which the URLs work." }),
});

const SignedUrl = Type.Object({ transformation: Type.String(), url: Type.String() });

export const SignedUrls = Type.Object({
  urls: Type.Array(SignedUrl),
  thumbnails: Type.Optional(Type.Array(SignedUrl)),
  expiresAt: end("When the URLs stop working."),
});
export type SignedUrls = Shape<typeof SignedUrls>;
