import { SluiceError } from "@sluice/protocol";
import type { KeyRole } from "@sluice/protocol/schemas";
import { type LetInBy, type Viewer, viewerOf } from "../access/viewer.ts";
import { hasEnded, type KeyPairWithAccount } from "../database/repositories/key-pairs.ts";
import type { AccountsByKey } from "./accounts-by-key.ts";
import { assertRole } from "./key-roles.ts";

/**
 * The private keys that an Authorization header may mean: the user name of `Basic base64(key:password)`, and the raw
 * text behind `Basic `, which the vendor's document allows as well (docs/protocol/upload.md §2). The password is
 * ignored.
 * @returns undefined without a Basic header, an empty list with one that holds no key
 */
export function basicCandidates(authorization: string | undefined): string[] | undefined {
  const match = /^basic(?:\s+(.*))?$/is.exec(authorization?.trim() ?? "");
  if (match === null) return undefined;
  const text = match[1]?.trim() ?? "";
  const decoded = Buffer.from(text, "base64").toString("utf8");
  // An empty user name is no key, and the base64 text that spells it must not be taken for a raw key.
  if (decoded.startsWith(":") && Buffer.from(decoded).toString("base64") === text) return [];
  const userName = decoded.slice(0, decoded.includes(":") ? decoded.indexOf(":") : undefined);
  return [...new Set([userName, text, text.replace(/:.*$/s, "")])].filter(Boolean);
}

/** The party that a request speaks for. */
export interface Principal {
  readonly accountId: string;
  readonly imagekitId: string;
  /** As whom the party reads the library. */
  readonly viewer: Viewer;
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
    const principal = principalOf(pair, now, roles, "key");
    accountsByKey.noteUse(pair, now);
    return principal;
  }
  throw new SluiceError("ACCOUNT_NOT_AUTHENTICATED");
}

/**
 * @param by what let the party in
 * @throws SluiceError PRIVATE_KEY_EXPIRED, ACCOUNT_DISABLED, KEY_NOT_ALLOWED
 */
export function principalOf(
  pair: KeyPairWithAccount,
  now: number,
  roles: readonly KeyRole[],
  by: Exclude<LetInBy, "server">,
): Principal {
  if (pair.account_status === "disabled") throw new SluiceError("ACCOUNT_DISABLED");
  if (hasEnded(pair, now)) throw new SluiceError("PRIVATE_KEY_EXPIRED");
  assertRole(pair.role, roles);
  return {
    accountId: pair.account_id,
    imagekitId: pair.imagekit_id,
    viewer: viewerOf(by, pair.account_id, pair.role),
    key: { id: pair.id, role: pair.role, mayOverwrite: pair.may_overwrite === 1 },
    customMetadataDefaults: pair.custom_metadata_defaults,
    storageLimit: pair.account_storage_limit,
    eventRoutes: pair.event_routes,
  };
}
