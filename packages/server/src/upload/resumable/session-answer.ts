import { SluiceError, type UploadResponse } from "@sluice/protocol";
import type { Principal } from "../../accounts/authenticate.ts";
import { findVersionById } from "../../database/repositories/assets.ts";
import { type RecallDeps, recallResponse } from "../answer/answer-upload.ts";
import { validate } from "../resolve/validate.ts";
import type { Refusal, UploadSession } from "./sessions/session.ts";

/** An upload that was refused after its session had been created. Whoever asks gets the same refusal again. */
export class RefusedUpload extends Error {
  override readonly name = "RefusedUpload";
  readonly status: number;
  readonly body: unknown;

  constructor({ status, body }: Refusal) {
    super("The upload was refused.");
    this.status = status;
    this.body = body;
  }
}

/**
 * The answer of a stored upload, as it was when the upload ended.
 * @throws SluiceError UPLOADED_FILE_DELETED
 */
export async function answerOfSession(
  deps: RecallDeps,
  principal: Principal,
  { fields, versionId, answer }: UploadSession,
  signal: AbortSignal,
): Promise<UploadResponse> {
  const version =
    versionId === undefined ? undefined : await findVersionById(deps.database.reader, principal.viewer, versionId);
  if (version === undefined || answer === undefined) throw new SluiceError("UPLOADED_FILE_DELETED");
  const request = validate(new Map(fields));
  return recallResponse(deps, { principal, version, kept: answer, request }, signal);
}
