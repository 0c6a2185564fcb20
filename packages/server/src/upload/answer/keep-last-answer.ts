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
  /** What the upload's transaction has kept. */
  readonly first: AnswerContext;
  readonly last: AnswerContext;
}

/**
 * Keeps with the token what its upload is answered, where extensions have ended since the transaction. The upload has been
 * stored: where the database can't be written, whoever asks is told what would have been answered before they ended.
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
