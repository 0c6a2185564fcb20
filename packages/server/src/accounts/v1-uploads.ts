import type { Config } from "../config/config.ts";
import type { AccountRow } from "../database/repositories/accounts.ts";

/**
 * Whether clients may upload into the account with a V1 signature. The configuration decides for its own account where
 * it sets this. It changes nothing in the database, so that without it the account's own setting applies again.
 */
export function takesV1Uploads(
  { imagekitId, v1Uploads }: Pick<Config, "imagekitId" | "v1Uploads">,
  account: Pick<AccountRow, "imagekit_id" | "v1_uploads">,
): boolean {
  const configured = account.imagekit_id === imagekitId ? v1Uploads : undefined;
  return configured ?? account.v1_uploads === 1;
}
