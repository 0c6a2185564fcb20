import { canonicalText } from "@sluice/grammar";
import type { DeliverableRow } from "../../database/repositories/deliverables.ts";
import { jobKind } from "../../jobs/job.ts";
import type { Recipe } from "../derived/recipe.ts";
import type { Transformed } from "../url/rendition.ts";

/** A URL's picture, of which a model has to make a part. */
export type AiPictureJob = {
  readonly accountId: string;
  readonly versionId: string;
  /** The canonical text of the transformation, in which names are expanded. */
  readonly transformation: string;
  readonly thumbnail: boolean;
  /** Whether the URL was signed, or uses names alone. It so shows private layers. */
  readonly showsPrivate: boolean;
  /** The client's hints, where the picture goes by them. */
  readonly width?: number;
  readonly dpr?: number;
  /** The part of the URL that asks for another variation. */
  readonly variation?: string;
  /** The key of the model's picture for which the job was enqueued. */
  readonly key?: string;
};

export const aiPictureKind = jobKind<AiPictureJob>("ai-picture");

/** @param showsPrivate whether the layers that were found may be private ones */
export function aiPictureJobOf(
  { account_id: accountId, id: versionId }: Pick<DeliverableRow, "account_id" | "id">,
  { transformation, thumbnail }: Pick<Transformed, "transformation" | "thumbnail">,
  { context: { hints } }: Pick<Recipe, "context">,
  variation: string | undefined,
  showsPrivate: boolean,
): AiPictureJob {
  const { width, dpr } = hints;
  return {
    accountId,
    versionId,
    transformation: canonicalText(transformation),
    thumbnail,
    showsPrivate,
    ...(width !== undefined && { width }),
    ...(dpr !== undefined && { dpr }),
    ...(variation !== undefined && { variation }),
  };
}
