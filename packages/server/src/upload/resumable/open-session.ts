import { SluiceError } from "@sluice/protocol";
import type { Principal } from "../../accounts/authenticate.ts";
import { openPartialBlob } from "../../storage/partial/partial-blobs.ts";
import type { ResumableDeps } from "./deps.ts";
import type { VerifiedCreation } from "./session-credentials.ts";
import type { CreateSessionRefusal } from "./sessions/create-session.ts";
import { createSession } from "./sessions/create-session.ts";
import type { UploadSession } from "./sessions/session.ts";

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

/** An upload that may be stored, as far as that can be told before its bytes come. */
interface UploadToBegin extends VerifiedCreation {
  readonly fields: ReadonlyMap<string, string>;
  /** The most bytes that its file may have. */
  readonly maxLength: number;
}

/**
 * Opens the session of an upload. The same transaction uses the token up.
 * @throws SluiceError TOKEN_USED, TOO_MANY_OPEN_UPLOADS, ACCOUNT_DISABLED, PRIVATE_KEY_EXPIRED; then the token is as it
 *   was
 */
export async function openSession(
  deps: ResumableDeps,
  creation: Creation,
  { principal, token, fields, maxLength }: UploadToBegin,
): Promise<Created> {
  const { limits } = deps.config;
  const { digest, client, requestId, arrivedAt, length, lease } = creation;
  const begun = deps.blobs.partial.begin(length ?? maxLength);
  const startedAt = performance.now();
  const created = await deps.database.run(createSession, {
    session: {
      digest,
      accountId: principal.accountId,
      keyId: principal.key.id,
      requestId,
      publicUrl: deps.publicUrl(),
      client,
      arrivedAt,
      length: length ?? maxLength + 1,
      fields: [...fields],
      metadata: creation.metadata ?? "",
      bytes: { ...(length === undefined ? openPartialBlob(begun) : begun) },
      lifetimeMs: limits.resumableSessionMs,
    },
    ...(token && {
      burn: { digest: token.digest, expiresAt: token.expiresAt, attempt: creation.attempt ?? null },
    }),
    ...(lease && { lease }),
    perKey: limits.resumableSessionsPerKey,
    perAddress: limits.resumableSessionsPerAddress,
    now: deps.now(),
  });
  if (typeof created === "string") throw refusals[created](limits);
  if (token !== undefined) creation.onBurn();
  return { principal, session: created, startedAt };
}

/** The refusals, each with the error that it stands for. */
const refusals: Readonly<Record<CreateSessionRefusal, (limits: ResumableDeps["config"]["limits"]) => SluiceError>> = {
  "token used": () => new SluiceError("TOKEN_USED"),
  "too many of key": ({ resumableSessionsPerKey: limit }) =>
    new SluiceError("TOO_MANY_OPEN_UPLOADS", { limit, whose: "this key pair" }),
  "too many of address": ({ resumableSessionsPerAddress: limit }) =>
    new SluiceError("TOO_MANY_OPEN_UPLOADS", { limit, whose: "your network address" }),
  "account disabled": () => new SluiceError("ACCOUNT_DISABLED"),
  "key revoked": () => new SluiceError("PRIVATE_KEY_EXPIRED"),
};
