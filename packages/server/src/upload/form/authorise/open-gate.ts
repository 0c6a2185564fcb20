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
  /** Unix milliseconds. */
  readonly arrivedAt: number;
  /** What the client calls the request, for asking what became of it. */
  readonly attempt?: string | undefined;
  readonly onBurn: () => void;
}

/** Where an upload is to have its place once its credentials hold. */
export interface GatePlace {
  /** @returns whether there was a place at once @throws SluiceError UPLOAD_GAVE_WAY */
  tryVouch(accountId: string): boolean;
  /** Waits for a place. @throws SluiceError SERVER_BUSY; the signal's reason */
  vouch(accountId: string): Promise<void>;
}

/** What is asked when a token is about to be burnt, which is not to be in vain. */
export interface UploadDemand {
  /** What the upload may still write. */
  space(): SpaceNeeded;
  /**
   * @param transformation the upload's, as far as its credentials or its form have said it
   * @throws SluiceError when nothing can be made of the file now
   */
  assertRoomToPrepare(transformation: unknown): void;
}

export type GateNeeds = Pick<UploadNeeds, "config" | "database" | "freeSpace" | "accountsByKey" | "now" | "scanner">;

/**
 * Chooses how the upload is to be authorised (docs/protocol/upload.md §2).
 * @param place is taken before a token is burnt, which is not to be in vain
 * @throws SluiceError when a Basic header is there and does not hold: before the body is read
 */
export async function openGate(
  { config, database, freeSpace, accountsByKey, now, scanner }: GateNeeds,
  request: GateRequest,
  place: GatePlace,
  demand: UploadDemand,
): Promise<Gate> {
  const { apiVersion, authorization, arrivedAt, onBurn } = request;
  const principal = await authenticateBasic(accountsByKey, authorization, arrivedAt);
  if (principal !== undefined) {
    await scanner.assertReady();
    if (!place.tryVouch(principal.accountId)) await place.vouch(principal.accountId);
    return basicGate(principal, apiVersion);
  }
  /** A token that is burnt for nothing can't come again. */
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
        // Sent again and again, a used token is not to fill the line in which the others wait.
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
