import { authenticateBasic } from "../../accounts/authenticate.ts";
import type { Services } from "../../services.ts";
import type { SpaceNeeded } from "../../storage/free-space.ts";
import { hasOtherProcesses } from "../outcome/give-up.ts";
import { assertRoomToPrepare } from "../prepare/assert-room.ts";
import { blockBytes } from "../spool/spool-file.ts";
import type { BurnTokenInput } from "../token-transactions.ts";
import { basicGate } from "./basic-gate.ts";
import type { Gate } from "./gate.ts";
import { LedgerEntry } from "./ledger-entry.ts";
import { signatureGate } from "./signature-gate.ts";
import { tokenGate } from "./token-gate.ts";
import { verifyToken } from "./verify-token.ts";
import { verifyV1Signature } from "./verify-v1-signature.ts";

export interface GateRequest {
  readonly apiVersion: 1 | 2;
  readonly authorization: string | undefined;
  /** Unix milliseconds. */
  readonly arrivedAt: number;
  /** What the client calls the request, for asking what became of it. */
  readonly attempt?: string | undefined;
  /** Bytes of the body, where the client says it. */
  readonly contentLength?: number | undefined;
  /** Called once the token is burnt: from here on no answer may invite a retry. */
  readonly onBurn: () => void;
}

type GateServices = Pick<
  Services,
  "config" | "database" | "freeSpace" | "keyPairs" | "now" | "scanner" | "uploadsUnderWay"
> & {
  readonly images: Pick<Services["images"], "assertRoom">;
};

/**
 * Chooses how the upload is to be authorised (spec/upload-v2.md §2).
 * @param spaceNeeded what the upload may still write, asked when its token is about to be burnt
 * @throws SluiceError when a Basic header is there and does not hold: before the body is read
 */
export async function openGate(
  services: GateServices,
  request: GateRequest,
  spaceNeeded: () => SpaceNeeded,
): Promise<Gate> {
  const { database, freeSpace, images, keyPairs, now, scanner } = services;
  const { apiVersion, authorization, arrivedAt, attempt = null, onBurn } = request;
  const principal = await authenticateBasic(keyPairs, authorization, arrivedAt);
  if (principal !== undefined) {
    await scanner.assertReady();
    return basicGate(principal, apiVersion);
  }
  /** A token that is burnt for nothing can't come again. */
  async function assertCapacity(): Promise<void> {
    await freeSpace.assert(spaceNeeded());
    await scanner.assertReady();
  }
  if (apiVersion === 1) {
    return signatureGate({
      verify: (credentials) => verifyV1Signature(keyPairs, credentials, arrivedAt),
      assertRoom: (transformation) => assertRoomToPrepare(images, transformation),
      async burn(input) {
        await assertCapacity();
        return database.run("burnV1Token", { ...input, now: now() });
      },
      onBurn,
    });
  }
  return tokenGate({
    verify: (token) => verifyToken(keyPairs, token, arrivedAt),
    assertRoom: (claims) => assertRoomToPrepare(images, claims.get("transformation")),
    async hold(input) {
      await assertCapacity();
      const row = { ...input, attempt, now: now() };
      const entry = await holdToken(services, row, { alone: !isSmall(request), onBurn });
      if (entry === undefined) onBurn();
      return entry;
    },
  });
}

/** What is in memory as a whole before anything is done with it. */
function isSmall({ contentLength = Number.POSITIVE_INFINITY }: GateRequest): boolean {
  return contentLength <= blockBytes;
}

/**
 * Takes a token for one upload: of all that present it at once, this process lets one in.
 * @param how.alone writes the ledger's row at once, instead of with what the upload stores. Only then is it known that
 *   the token was never used before
 * @returns undefined when the token is known to be used; that is on disk then
 */
async function holdToken(
  { config, database, uploadsUnderWay }: GateServices,
  row: BurnTokenInput,
  how: { readonly alone: boolean; readonly onBurn: () => void },
): Promise<LedgerEntry | undefined> {
  const { digest } = row;
  const other = uploadsUnderWay.entryOf(digest);
  if (other !== undefined) {
    await other.write();
    return undefined;
  }
  const entry = new LedgerEntry(row, async () => {
    const fresh = await database.run("burnToken", row);
    how.onBurn();
    return fresh;
  });
  uploadsUnderWay.begin(entry);
  let fresh = false;
  try {
    // Others look into the ledger alone.
    fresh = how.alone || hasOtherProcesses(config) ? await entry.write() : true;
  } finally {
    if (!fresh) uploadsUnderWay.end(digest);
  }
  return fresh ? entry : undefined;
}
