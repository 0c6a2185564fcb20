import { SluiceError } from "@sluice/protocol";
import type { Principal } from "../../accounts/authenticate.ts";
import { openPartialBlob } from "../../storage/partial/partial-blobs.ts";
import { assertRoomToPrepare } from "../form/authorise/room-to-prepare.ts";
import { FormFields } from "../form/receive/form-fields.ts";
import { checkBeforeFile } from "../resolve/check.ts";
import { fieldsOnce } from "../resolve/custom-metadata.ts";
import { resolveUpload } from "../resolve/resolve-upload.ts";
import { assertFits, largestThatFits } from "../store/assert-fits.ts";
import { type AuthorisedCreation, authoriseCreation } from "./authorise-creation.ts";
import { longestUpload } from "./longest-upload.ts";
import { parseUploadMetadata } from "./metadata.ts";
import type { ResumableNeeds } from "./needs.ts";
import type { CreateSessionRefusal } from "./sessions/create-session.ts";
import type { UploadSession } from "./sessions/session.ts";
import { spaceFor } from "./space-for.ts";
import { assertStorageFor } from "./storage-use.ts";

export interface Creation {
  /** SHA-256 of the session's new id. */
  readonly digest: Uint8Array;
  readonly authorization: string | undefined;
  /** The header Upload-Metadata. */
  readonly metadata: string | undefined;
  /** The length of the whole file; undefined if the client tells it with a later piece. */
  readonly length: number | undefined;
  /** The client's network. */
  readonly client: string;
  readonly requestId: string;
  /** The client's name for the request, by which it may ask for the outcome. */
  readonly attempt: string | undefined;
  /** The time in Unix milliseconds. */
  readonly arrivedAt: number;
  /** The lease with which the session begins, for a request that goes on with the first bytes. */
  readonly lease: { readonly holder: string; readonly leaseMs: number } | undefined;
  /** Gives the upload its place among those whose credentials hold. @throws SluiceError SERVER_BUSY */
  readonly admit: (accountId: string) => Promise<void>;
  /** Called once the token is used up. From then on, no answer may invite a retry. */
  readonly onBurn: () => void;
}

export interface Created {
  readonly principal: Principal;
  readonly session: UploadSession;
  /** The time by `performance.now` at which the transaction began. The lease doesn't begin before it. */
  readonly startedAt: number;
}

/**
 * Creates a session for an upload that may be stored, as far as that can be told before its bytes come. The transaction
 * that creates the session uses the token up. A refusal leaves nothing behind, and the token as it was.
 * @throws SluiceError
 */
export async function createResumable(needs: ResumableNeeds, creation: Creation): Promise<Created> {
  const { config, database, scanner } = needs;
  const { authorization, arrivedAt, requestId, length, onBurn } = creation;
  const pairs = parseUploadMetadata(creation.metadata, config.limits);
  const authorised = await authoriseCreation(needs, { authorization, pairs, arrivedAt }, async (principal, claims) => {
    if (claims !== undefined) await assertRoomToPrepare(needs.images, claims.get("transformation"));
    await creation.admit(principal.accountId);
    await scanner.assertReady();
  });
  const fields = fieldsOf(authorised, config.limits.allFieldsBytes);
  needs.unknownParameters.warn(fields.keys(), requestId);
  const maxLength = await judge(needs, authorised, fields, length);
  await needs.freeSpace.assert(spaceFor(needs.blobs, length ?? 1));
  const begun = needs.blobs.partial.begin(length ?? maxLength);
  const startedAt = performance.now();
  const created = await database.run("createSession", {
    session: {
      digest: creation.digest,
      accountId: authorised.principal.accountId,
      keyId: authorised.principal.key.id,
      requestId,
      publicUrl: needs.publicUrl(),
      client: creation.client,
      arrivedAt,
      length: length ?? maxLength + 1,
      fields: [...fields],
      metadata: creation.metadata ?? "",
      bytes: { ...(length === undefined ? openPartialBlob(begun) : begun) },
      lifetimeMs: config.limits.resumableSessionMs,
    },
    ...(authorised.token && {
      burn: {
        digest: authorised.token.digest,
        expiresAt: authorised.token.expiresAt,
        attempt: creation.attempt ?? null,
      },
    }),
    ...(creation.lease && { lease: creation.lease }),
    perKey: config.limits.resumableSessionsPerKey,
    perAddress: config.limits.resumableSessionsPerAddress,
    now: needs.now(),
  });
  if (typeof created === "string") throw refusalOf(created, needs);
  if (authorised.token !== undefined) onBurn();
  return { principal: authorised.principal, session: created, startedAt };
}

/** The parameters as a form has them: where no token names them, a list may come under the name of one of its parts. */
function fieldsOf({ fields, token }: AuthorisedCreation, limit: number): ReadonlyMap<string, string> {
  const form = new FormFields(limit);
  for (const [name, value] of fields) form.add(name, value);
  return token === undefined ? form.withLists() : form.toMap();
}

/**
 * Judges the upload in the order of a form that has come as a whole.
 * @returns the most bytes that the file may have
 * @throws SluiceError
 */
async function judge(
  needs: ResumableNeeds,
  { principal, token }: AuthorisedCreation,
  fields: ReadonlyMap<string, string>,
  length: number | undefined,
): Promise<number> {
  await assertStorageFor(needs, principal, fields.has("transformation") ? undefined : length);
  const customFields = fieldsOnce(needs.customFields);
  const checks = await checkBeforeFile(customFields, { principal, ...(token && { claims: token.claims }) }, fields);
  const longest = longestUpload(needs);
  if (length !== undefined && length > longest.limit) throw new SluiceError("UPLOAD_LENGTH_TOO_LARGE", { ...longest });
  const plan = await resolveUpload(needs, principal, fields, { fieldsOf: customFields, checks });
  if (length === 0) throw new SluiceError("FILE_MISSING");
  if (length !== undefined) assertFits(needs, plan, length);
  return Math.min(longest.limit, largestThatFits(needs, plan), Number.MAX_SAFE_INTEGER - 1);
}

function refusalOf(outcome: CreateSessionRefusal, { config: { limits } }: Pick<ResumableNeeds, "config">): SluiceError {
  switch (outcome) {
    case "token used":
      return new SluiceError("TOKEN_USED");
    case "too many of key":
      return new SluiceError("TOO_MANY_OPEN_UPLOADS", {
        limit: limits.resumableSessionsPerKey,
        whose: "this key pair",
      });
    case "too many of address":
      return new SluiceError("TOO_MANY_OPEN_UPLOADS", {
        limit: limits.resumableSessionsPerAddress,
        whose: "your network address",
      });
    case "account disabled":
      return new SluiceError("ACCOUNT_DISABLED");
    case "key revoked":
      return new SluiceError("PRIVATE_KEY_EXPIRED");
  }
}
