import { uploading } from "@sluice/protocol/schemas";
import { authenticateBasic } from "../../../accounts/authenticate.ts";
import { findUsedToken } from "../../../database/repositories/used-tokens.ts";
import type { SpaceNeeded } from "../../../storage/free-space.ts";
import type { UploadNeeds } from "../../needs.ts";
import { basicGate } from "./basic-gate.ts";
import type { Gate } from "./gate.ts";
import { signatureGate } from "./signature-gate.ts";
import { tokenGate } from "./token-gate.ts";
import { verifyToken } from "./verify-token.ts";
import { assertNamesNoFile, verifyV1Signature } from "./verify-v1-signature.ts";

export interface GateRequest {
  readonly apiVersion: 1 | 2;
  readonly authorization: string | undefined;
  /** The time in Unix milliseconds. */
  readonly arrivedAt: number;
  /** The client's name for the request. With it, the client can ask what became of the request. */
  readonly attempt?: string | undefined;
  readonly onBurn: () => void;
}

/** Gives an upload its place once its credentials have been found valid. */
export interface GatePlace {
  /**
   * @returns whether there was a place at once
   * @throws SluiceError UPLOAD_GAVE_WAY
   */
  tryVouch(accountId: string): boolean;
  /** Waits for a place. @throws SluiceError SERVER_BUSY; the signal's reason */
  vouch(accountId: string): Promise<void>;
}

/**
 * A demand says what the upload will need. It is asked before a token is burnt, so that the token isn't burnt in vain.
 */
export interface UploadDemand {
  /** The bytes that the upload may still write. */
  space(): SpaceNeeded;
  /**
   * @param transformation the upload's parameter, if its credentials or its form have said it by now
   * @throws SluiceError when the server has no room now to prepare the file
   */
  assertRoomToPrepare(transformation: unknown): Promise<void>;
}

export type GateNeeds = Pick<UploadNeeds, "config" | "database" | "freeSpace" | "accountsByKey" | "now" | "scanner">;

/**
 * Chooses how the upload is to be authorised (docs/protocol/upload.md §2).
 * @param place taken before a token is burnt, so that the token isn't burnt in vain
 * @throws SluiceError for an invalid Basic header, before the body is read
 */
export async function openGate(
  { config, database, freeSpace, accountsByKey, now, scanner }: GateNeeds,
  request: GateRequest,
  place: GatePlace,
  demand: UploadDemand,
): Promise<Gate> {
  const { apiVersion, authorization, arrivedAt, onBurn } = request;
  const principal = await authenticateBasic(accountsByKey, authorization, arrivedAt, uploading.keys);
  if (principal !== undefined) {
    await scanner.assertReady();
    if (!place.tryVouch(principal.accountId)) await place.vouch(principal.accountId);
    return basicGate(principal, apiVersion);
  }
  /** Makes sure that there is room for the upload, because a token that is burnt in vain can't be used again. */
  async function assertCapacity(): Promise<void> {
    await freeSpace.assert(demand.space());
    await scanner.assertReady();
  }
  if (apiVersion === 1) {
    return signatureGate({
      async verify(credentials) {
        const verified = await verifyV1Signature({ config, accountsByKey }, credentials, arrivedAt);
        await assertNamesNoFile(database.reader, verified.principal.accountId, credentials.token);
        return verified;
      },
      assertRoom: (transformation) => demand.assertRoomToPrepare(transformation),
      async burn(input) {
        if (!place.tryVouch(input.accountId)) await place.vouch(input.accountId);
        await assertCapacity();
        return database.run("burnV1Token", { ...input, now: now() });
      },
      onBurn,
    });
  }
  return tokenGate({
    verify: (token) => verifyToken(accountsByKey, token, arrivedAt),
    assertRoom: (claims) => demand.assertRoomToPrepare(claims.get("transformation")),
    async burn(input) {
      if (!place.tryVouch(input.accountId)) {
        // A used token that is sent again and again must not fill the line in which other uploads wait.
        const key = { expires_at: input.expiresAt, digest: input.digest };
        if ((await findUsedToken(database.reader, key)) !== undefined) return false;
        await place.vouch(input.accountId);
      }
      await assertCapacity();
      return database.run("burnToken", { ...input, attempt: request.attempt ?? null, now: now() });
    },
    onBurn,
  });
}
