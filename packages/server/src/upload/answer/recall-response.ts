import type { UploadResponse } from "@sluice/protocol";
import type { Principal } from "../../accounts/authenticate.ts";
import type { AssetRow } from "../../database/repositories/assets.ts";
import { storedMetadata } from "../../library/files/file-metadata.ts";
import type { UploadNeeds } from "../needs.ts";
import { fieldsOnce, fieldsToAnswer } from "../resolve/custom-metadata.ts";
import type { UploadRequest } from "../resolve/validate.ts";
import { answerAsAsked, recallAnswer } from "./kept-answer.ts";
import { respond } from "./respond.ts";
import { ownAnswer, withheldFrom } from "./taken-over.ts";
import { findUploadThumbnailKey, isStillThere } from "./upload-thumbnail-key.ts";

export type RecallNeeds = Pick<UploadNeeds, "blobs" | "config" | "customFields" | "database" | "now" | "publicUrl"> & {
  readonly images: Pick<UploadNeeds["images"], "fingerprint" | "readHeader" | "render">;
};

export interface AnswerToRecall {
  readonly principal: Principal;
  /** The version that the upload became, as it is now. */
  readonly version: AssetRow;
  /** The kept answer; null where an earlier version of this program kept none. */
  readonly kept: string | null;
  readonly request: UploadRequest;
}

/** Answers a stored upload once more, as it was answered first, whatever has happened to the file since. */
export async function recallResponse(
  needs: RecallNeeds,
  { principal, version, kept, request }: AnswerToRecall,
  signal: AbortSignal,
): Promise<UploadResponse> {
  const accountId = version.account_id;
  const recalled = kept === null ? answerAsAsked(version, request) : recallAnswer(version, kept);
  const { extensionStatus } = recalled;
  const withheld = withheldFrom(principal, request);
  const asked = { asset: recalled.asset, responseFields: request.responseFields };
  const { asset, responseFields: shown } = ownAnswer(asked, withheld, extensionStatus);
  const fields = await fieldsToAnswer(fieldsOnce(needs.customFields), accountId, request.responseFields);
  const responseFields = new Set(shown);
  if (!recalled.describes(fields)) responseFields.delete("selectedFieldsSchema");
  const describes = responseFields.has("metadata");
  // The upload's answer does the same. The client mainly wants to know whether the upload is stored.
  const hash = "if there is room";
  const metadata = describes ? ((await storedMetadata(needs, accountId, asset, signal, { hash })) ?? null) : null;
  const thumbnailKey = isStillThere(version, asset) ? await findUploadThumbnailKey(needs, principal, asset) : undefined;
  const { imagekitId } = principal;
  const context = { publicUrl: needs.publicUrl(), imagekitId, thumbnailKey, fields, metadata, extensionStatus };
  return respond(asset, responseFields, context);
}
