import { uploading } from "@sluice/protocol/schemas";
import { authenticateBasic } from "../../../accounts/authenticate.ts";
import { findUsedToken } from "../../../database/repositories/used-tokens.ts";
import type { IncomingFile } from "../../../library/content/incoming-file.ts";
import type { SpaceNeeded } from "../../../storage/free-space.ts";
import type { UploadDeps } from "../../deps.ts";
import { refuseBusy } from "../../failures.ts";
import { burnToken, burnV1Token } from "../../ledger/token-transactions.ts";
import type { UploadSlot } from "../admission/upload-slot.ts";
import { type Authoriser, basicAuthoriser } from "./authoriser.ts";
import { tokenAuthoriser, verifyToken } from "./upload-token.ts";
import { assertNamesNoFile, signatureAuthoriser, verifyV1Signature } from "./v1-signature.ts";

export interface AuthoriserRequest {
  readonly apiVersion: 1 | 2;
  readonly authorization: string | undefined;
  /** Bytes, when the client announces them. */
  readonly contentLength: number | undefined;
  /** The time in Unix milliseconds. */
  readonly arrivedAt: number;
  /** The client's name for the request. With it, the client can ask what became of the request. */
  readonly attempt?: string | undefined;
  readonly onBurn: () => void;
}

export type AuthoriserDeps = Pick<
  UploadDeps,
  "accountsByKey" | "config" | "database" | "freeSpace" | "now" | "scanner"
> & {
  readonly images: Pick<UploadDeps["images"], "assertRoom">;
};

/**
 * Chooses how the upload is to be authorised (docs/protocol/upload.md §2).
 * @param slot taken before a token is burnt, so that the token isn't burnt in vain
 * @param file the file, as much of it as has come
 * @throws SluiceError for an invalid Basic header, before the body is read
 */
export async function chooseAuthoriser(
  { accountsByKey, config, database, freeSpace, images, now, scanner }: AuthoriserDeps,
  request: AuthoriserRequest,
  slot: Pick<UploadSlot, "tryAdmit" | "admit">,
  file: Pick<IncomingFile, "maxFileBytes" | "size">,
): Promise<Authoriser> {
  const { apiVersion, authorization, arrivedAt, onBurn } = request;
  const principal = await authenticateBasic(accountsByKey, authorization, arrivedAt, uploading.keys);
  if (principal !== undefined) {
    await scanner.assertReady();
    if (!slot.tryAdmit(principal.accountId)) await slot.admit(principal.accountId);
    return basicAuthoriser(principal, apiVersion);
  }
  /** Makes sure that there is room for the upload, because a token that is burnt in vain can't be used again. */
  async function assertCapacity(): Promise<void> {
    await freeSpace.assert(spaceNeeded(request.contentLength, file));
    await scanner.assertReady();
  }
  if (apiVersion === 1) {
    return signatureAuthoriser({
      async verify(credentials) {
        const verified = await verifyV1Signature({ config, accountsByKey }, credentials, arrivedAt);
        await assertNamesNoFile(database.reader, verified.principal.accountId, credentials.token);
        return verified;
      },
      async burn(input, transformation) {
        await assertRoomToPrepare(images, transformation);
        if (!slot.tryAdmit(input.accountId)) await slot.admit(input.accountId);
        await assertCapacity();
        return database.run(burnV1Token, { ...input, now: now() });
      },
      onBurn,
    });
  }
  return tokenAuthoriser({
    verify: (token) => verifyToken(accountsByKey, token, arrivedAt),
    async burn(input, claims) {
      await assertRoomToPrepare(images, claims.get("transformation"));
      if (!slot.tryAdmit(input.accountId)) {
        // A used token that is sent again and again must not fill the queue in which other uploads wait.
        const key = { expires_at: input.expiresAt, digest: input.digest };
        if ((await findUsedToken(database.reader, key)) !== undefined) return false;
        await slot.admit(input.accountId);
      }
      await assertCapacity();
      return database.run(burnToken, { ...input, attempt: request.attempt ?? null, now: now() });
    },
    onBurn,
  });
}

/**
 * When the body's length is not announced, the bytes of its file that have come count as its length. No more bytes than
 * the largest permitted file size are ever stored.
 */
function spaceNeeded(
  contentLength: number | undefined,
  { size, maxFileBytes }: Pick<IncomingFile, "maxFileBytes" | "size">,
): SpaceNeeded {
  const whole = Math.min(contentLength ?? size, maxFileBytes);
  return { spool: Math.max(whole - size, 0), blobs: whole };
}

/**
 * Asserts that the image engine has room to transform the file, as far as that can be told before the file has come. A
 * token is burnt only if there is room.
 * @param transformation the upload's parameter, as far as its token or its form has told it
 * @throws SluiceError SERVER_BUSY
 */
export async function assertRoomToPrepare(
  images: Pick<UploadDeps["images"], "assertRoom">,
  transformation: unknown,
): Promise<void> {
  // Nothing else is read here. A transformation that can't be parsed is refused later, and isn't worth parsing twice.
  if (typeof transformation !== "string" || !transformation.includes('"pre"')) return;
  await images.assertRoom().catch(refuseBusy);
}
