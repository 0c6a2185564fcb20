import { canonicalText } from "@sluice/grammar";
import type { DeliverableRow } from "../../../database/repositories/deliverables.ts";
import { type JobOwner, jobKind } from "../../../jobs/job.ts";
import type { Transformed } from "../../url/rendition.ts";
import type { Recipe } from "../pictures/recipe.ts";

/** A URL's picture, of which a model has to make a part. */
export type AiPictureJob = {
  readonly accountId: string;
  readonly versionId: string;
  /** The canonical text of the transformation, in which names are expanded. */
  readonly transformation: string;
  readonly thumbnail: boolean;
  /** Whether the URL was signed. */
  readonly signed: boolean;
  /** Whether the URL uses names alone, which show private layers. */
  readonly kind: Transformed["kind"];
  /** The client's hints, where the picture goes by them. */
  readonly width?: number;
  readonly dpr?: number;
  /** The part of the URL that asks for another variation. */
  readonly variation?: string;
  /** The key of the model's picture for which the job was enqueued. */
  readonly key?: string;
};

export const aiPictureKind = jobKind<AiPictureJob>("ai-picture");

export const aiPictureOwners: readonly JobOwner<"accountId">[] = [{ member: "accountId", table: "accounts" }];

export function aiPictureJobOf(
  { account_id: accountId, id: versionId }: Pick<DeliverableRow, "account_id" | "id">,
  { kind, transformation, thumbnail }: Pick<Transformed, "kind" | "transformation" | "thumbnail">,
  { context: { hints } }: Pick<Recipe, "context">,
  variation: string | undefined,
  signed: boolean,
): AiPictureJob {
  const { width, dpr } = hints;
  return {
    accountId,
    versionId,
    transformation: canonicalText(transformation),
    thumbnail,
    signed,
    kind,
    ...(width !== undefined && { width }),
    ...(dpr !== undefined && { dpr }),
    ...(variation !== undefined && { variation }),
  };
}
