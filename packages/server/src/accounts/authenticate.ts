import { SluiceError } from "@sluice/protocol";
import type { KeyRole } from "@sluice/protocol/schemas";
import { hasEnded, type KeyPairWithAccount } from "../database/repositories/key-pairs.ts";
import type { AccountsByKey } from "./accounts-by-key.ts";
import { basicCandidates } from "./basic-credentials.ts";
import { assertRole } from "./key-roles.ts";

/** The party that a request speaks for. */
export interface Principal {
  readonly accountId: string;
  readonly imagekitId: string;
  /** The key pair that let the request in. A session of the console may have a lower role than its pair. */
  readonly key: { readonly id: string; readonly role: KeyRole; readonly mayOverwrite: boolean };
  /** JSON of the custom metadata that a file without any gets. This and what follows is as of the request's start. */
  readonly customMetadataDefaults?: string | null;
  /** Bytes: of its own, null for the server's, 0 for none. */
  readonly storageLimit?: number | null;
  /** JSON of who is told of the account's events. */
  readonly eventRoutes?: string | null;
}

/**
 * The account whose private key the Authorization header carries.
 * @param roles the roles of the pairs that may do what the request asks for
 * @returns undefined when the header is absent or of another scheme
 * @throws SluiceError PRIVATE_KEY_MISSING, ACCOUNT_NOT_AUTHENTICATED, PRIVATE_KEY_EXPIRED, ACCOUNT_DISABLED,
 * KEY_NOT_ALLOWED
 */
export async function authenticateBasic(
  accountsByKey: AccountsByKey,
  authorization: string | undefined,
  now: number,
  roles: readonly KeyRole[],
): Promise<Principal | undefined> {
  const candidates = basicCandidates(authorization);
  if (candidates === undefined) return undefined;
  if (candidates.length === 0) throw new SluiceError("PRIVATE_KEY_MISSING");
  for (const candidate of candidates) {
    const pair = await accountsByKey.byPrivateKey(candidate);
    if (pair === undefined) continue;
    const principal = principalOf(pair, now, roles);
    accountsByKey.noteUse(pair, now);
    return principal;
  }
  throw new SluiceError("ACCOUNT_NOT_AUTHENTICATED");
}

/** @throws SluiceError PRIVATE_KEY_EXPIRED, ACCOUNT_DISABLED, KEY_NOT_ALLOWED */
export function principalOf(pair: KeyPairWithAccount, now: number, roles: readonly KeyRole[]): Principal {
  if (pair.account_status === "disabled") throw new SluiceError("ACCOUNT_DISABLED");
  if (hasEnded(pair, now)) throw new SluiceError("PRIVATE_KEY_EXPIRED");
  assertRole(pair.role, roles);
  return {
    accountId: pair.account_id,
    imagekitId: pair.imagekit_id,
    key: { id: pair.id, role: pair.role, mayOverwrite: pair.may_overwrite === 1 },
    customMetadataDefaults: pair.custom_metadata_defaults,
    storageLimit: pair.account_storage_limit,
    eventRoutes: pair.event_routes,
  };
}
