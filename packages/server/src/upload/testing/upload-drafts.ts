import { createHash } from "node:crypto";
import { SluiceError } from "@sluice/protocol";
import type { LightMyRequestResponse } from "fastify";
import { expect } from "vitest";
import {
  basic,
  collection,
  keys,
  metadataOf,
  publicUrl,
  type ResumableApp,
  reasonOf,
} from "../../http/routes/resumable/testing/resumable-app.ts";
import { sign } from "../fuzz/testing/token-target.ts";
import { burnToken } from "../ledger/token-transactions.ts";

/** An upload that can be stored, into which a test puts faults. */
export interface UploadDraft {
  authorization: string | undefined;
  contentType: string;
  /** Whether the upload has a token. The others are sent with the private key. */
  hasToken: boolean;
  isForged: boolean;
  isUsed: boolean;
  /** The parameters, which the token claims. */
  fields: Record<string, string>;
  /** Text fields that the token doesn't claim. */
  unclaimed: Record<string, string>;
  /** Claims for which no field is sent. */
  unsent: Record<string, string>;
  /** The file, or the URL that is sent in its place. */
  file: string;
  /** The length with which a session is created, where it isn't that of the file. */
  length: number | undefined;
  /** The header Upload-Metadata, where it isn't made of the fields. */
  metadata: string | undefined;
  /** The steps to take before the file is stored. A session's bytes have all come by then. */
  beforeEnd: (() => unknown)[];
}

export const content = "ten bytes.";

export function draftOf({ hasToken = true } = {}): UploadDraft {
  return {
    authorization: hasToken ? undefined : basic.authorization,
    contentType: "multipart/form-data; boundary=b",
    hasToken,
    isForged: false,
    isUsed: false,
    fields: { fileName: "new.txt", useUniqueFileName: "false" },
    unclaimed: {},
    unsent: {},
    file: content,
    length: undefined,
    metadata: undefined,
    beforeEnd: [],
  };
}

export type Layout = "token first" | "token last" | "parameters last";

/** Sends the upload as a form. */
export async function sendForm(app: ResumableApp, draft: UploadDraft, layout: Layout): Promise<LightMyRequestResponse> {
  for (const happen of draft.beforeEnd) await happen();
  const { authorization, contentType, fields, unclaimed, hasToken } = draft;
  const file = part("file", draft.file, draft.file.startsWith("http:") ? "" : '; filename="a"');
  const texts = [...Object.entries(fields), ...Object.entries(unclaimed)].map(([name, value]) => part(name, value));
  const token = hasToken ? [part("token", await tokenOf(app, draft))] : [];
  const order = {
    "token first": [...token, ...texts, file],
    "token last": [file, ...texts, ...token],
    "parameters last": [...token, file, ...texts],
  };
  return app.app.inject({
    method: "POST",
    url: "/api/v2/files/upload",
    headers: { "content-type": contentType, ...(authorization !== undefined && { authorization }) },
    payload: `${order[layout].join("")}--b--\r\n`,
  });
}

function part(name: string, value: string, rest = ""): string {
  return `--b\r\nContent-Disposition: form-data; name="${name}"${rest}\r\n\r\n${value}\r\n`;
}

/**
 * Creates a session for the upload and sends all of its bytes. Where something is to happen before the end, the virus
 * scanner is down when the last byte comes, and the upload is stored when its client asks.
 * @returns the first refusal, or the last answer
 */
export async function sendSession(app: ResumableApp, draft: UploadDraft): Promise<LightMyRequestResponse> {
  const { authorization, file, fields, unclaimed, hasToken, length = file.length, beforeEnd } = draft;
  const token = hasToken ? { token: await tokenOf(app, draft) } : {};
  const headers = {
    "upload-length": String(length),
    "upload-metadata": draft.metadata ?? metadataOf({ ...fields, ...unclaimed, ...token }),
    ...(authorization !== undefined && { authorization }),
  };
  const created = await app.send("POST", collection, { headers });
  if (created.statusCode !== 201) return created;
  const path = String(created.headers.location).slice(publicUrl.length);
  try {
    if (beforeEnd.length === 0) return await app.patch(path, 0, file);
    const { scanner } = app.services;
    const { assertReady } = scanner;
    scanner.assertReady = () => Promise.reject(new SluiceError("SCANNER_UNAVAILABLE"));
    expect(reasonOf(await app.patch(path, 0, file))).toBe("SCANNER_UNAVAILABLE");
    scanner.assertReady = assertReady;
    for (const happen of beforeEnd) await happen();
    return await app.send("GET", path);
  } finally {
    await app.send("DELETE", path);
  }
}

let minted = 0;

/** The token of the upload, for any values that its parameters have. */
async function tokenOf(app: ResumableApp, { fields, unsent, isForged, isUsed }: UploadDraft): Promise<string> {
  const iat = Math.floor(Date.now() / 1000);
  // No two tokens of a second are equal.
  const exp = iat + 600 + minted++;
  const token = sign({
    header: { alg: "HS256", typ: "JWT", kid: keys.publicKey },
    claims: Object.entries({ ...fields, ...unsent }),
    times: { iat, exp },
    secret: isForged ? "private_forged" : keys.privateKey,
  });
  if (!isUsed) return token;
  const pair = await app.services.accountsByKey.byPublicKey(keys.publicKey);
  const signed = token.slice(0, token.lastIndexOf("."));
  const digest = Uint8Array.from(createHash("sha256").update(signed).digest());
  const burn = { accountId: pair?.account_id ?? "", digest, expiresAt: exp, attempt: null, now: Date.now() };
  await app.parts.database.run(burnToken, burn);
  return token;
}
