import type { AssetRow } from "../../database/repositories/assets.ts";
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

/**
 * Keeps the upload's final answer with the token when extensions have ended since the transaction. The upload is stored
 * by then. When this write to the database fails, a client that asks gets the answer from before the extensions ended.
 */
export async function keepLastAnswer(
  { database }: Pick<UploadNeeds, "database">,
  token: TokenKey,
  { asset, responseFields, first, last }: LastAnswer,
): Promise<void> {
  const [before = {}, after = {}] = [first.extensionStatus, last.extensionStatus];
  if (Object.keys(after).every((name) => before[name] === after[name])) return;
  const answer = keepAnswer(asset, answerToKeep(responseFields, last));
  await database.run("keepTokenAnswer", { ...token, answer }).catch(() => undefined);
}
