import type { AssetRow } from "../../database/repositories/assets.ts";
import type { SessionHold } from "../../database/repositories/upload-sessions.ts";
import type { TokenKey } from "../../database/repositories/used-tokens.ts";
import type { UploadNeeds } from "../needs.ts";
import type { ResponseField } from "../resolve/parameters/response-fields.ts";
import { answerToKeep, keepAnswer } from "./kept-answer.ts";
import type { AnswerContext } from "./respond.ts";

export interface LastAnswer {
  /** The version as the answer shows it. */
  readonly asset: AssetRow;
  readonly responseFields: ReadonlySet<ResponseField>;
  /** The answer that the upload's transaction has kept. */
  readonly first: AnswerContext;
  readonly last: AnswerContext;
}

/** The upload's entries in the database that keep its answer for those who ask later. */
export interface AnswerKeepers {
  readonly token: TokenKey | undefined;
  readonly session?: Pick<SessionHold, "digest"> | undefined;
}

/**
 * Keeps the upload's final answer with the token and the session when extensions have ended since the transaction. The
 * upload is stored by then. When this write to the database fails, a client that asks gets the answer from before the
 * extensions ended.
 */
export async function keepLastAnswer(
  { database }: Pick<UploadNeeds, "database">,
  { token, session }: AnswerKeepers,
  { asset, responseFields, first, last }: LastAnswer,
): Promise<void> {
  const [before = {}, after = {}] = [first.extensionStatus, last.extensionStatus];
  if (Object.keys(after).every((name) => before[name] === after[name])) return;
  const answer = keepAnswer(asset, answerToKeep(responseFields, last));
  const writes = [
    token && database.run("keepTokenAnswer", { ...token, answer }),
    session && database.run("keepSessionAnswer", { digest: session.digest, answer }),
  ];
  await Promise.allSettled(writes);
}
