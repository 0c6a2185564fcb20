import { createHmac } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { SluiceError } from "@sluice/protocol";
import { joinList, UploadTokenError, verifyUploadToken } from "@sluice/token";
import fc, { type Arbitrary } from "fast-check";
import { expect } from "vitest";
import { viewerOf } from "../../../access/viewer.ts";
import { defaultLimits } from "../../../config/limits.ts";
import type { KeyPairWithAccount } from "../../../database/repositories/key-pairs.ts";
import { IncomingFile } from "../../../library/content/incoming-file.ts";
import { Spool } from "../../../spool/spool.ts";
import { type Authoriser, basicAuthoriser } from "../../form/authorise/authoriser.ts";
import { tokenAuthoriser } from "../../form/authorise/upload-token.ts";
import { signatureAuthoriser, verifyV1Signature } from "../../form/authorise/v1-signature.ts";
import { FormReader, type ReceivedForm } from "../../form/receive/form-reader.ts";
import { validate } from "../../resolve/validate.ts";
import type { FuzzTarget } from "./fuzz-target.ts";
import { boundary, chop, cuts, encodeForm, type FormPart, formPart } from "./hostile-form.ts";
import { mutate, mutations } from "./mutation.ts";
import { expectCallersFault, outcomeOf } from "./parameters-target.ts";
import { keys, sign } from "./token-target.ts";

const principal = {
  accountId: "a".repeat(24),
  imagekitId: "demo",
  viewer: viewerOf("key", "a".repeat(24), "full"),
  key: { id: "b".repeat(24), role: "full", mayOverwrite: true },
} as const;
const limits = { ...defaultLimits, parts: 12, fieldBytes: 4_096, allFieldsBytes: 8_192 };
const fileSize = { file: 150, video: 300 };
const now = 1_767_225_600;

type Mode = "basic 1" | "basic 2" | "unsigned" | "signature" | "token";

/** The parser and the authorisers, combined as in the endpoints, rightly let in a whole form or refuse it. */
export const receiveTarget: FuzzTarget = {
  name: "receiving a form behind its authorisers",
  share: 200,
  async check(batch) {
    const folder = await mkdtemp(join(tmpdir(), "sluice-fuzz-"));
    const spool = await Spool.open(folder);
    try {
      await fc.assert(
        fc.asyncProperty(attempts, (given) => attempt(spool, given)),
        batch,
      );
    } finally {
      await spool.close();
      await rm(folder, { recursive: true });
    }
  },
};

const expire = String(now + 60);
const v1Token = "6ba7b810-9dad-41d1-80b4-00c04fd430c8";
const signature = createHmac("sha1", keys.privateKey)
  .update(v1Token + expire)
  .digest("hex");
const signatureParts = [
  part("publicKey", keys.publicKey),
  part("token", v1Token),
  part("expire", expire),
  part("signature", signature),
];

const mode: Arbitrary<Mode> = fc.constantFrom("basic 1", "basic 2", "unsigned", "signature", "token", "token");
const wholesome = fc.constantFrom<FormPart[]>(
  [part("fileName", "a.jpg"), part("file", "AAAA")],
  [part("file", "QUJD"), part("folder", "/a b/"), part("fileName", "é.txt"), part("tags", "x,y")],
);
const parts = fc.oneof(
  { weight: 1, arbitrary: wholesome },
  { weight: 2, arbitrary: fc.array(formPart, { maxLength: 6 }) },
  {
    weight: 1,
    arbitrary: fc.tuple(wholesome, fc.array(formPart, { maxLength: 2 })).map(([good, more]) => [...good, ...more]),
  },
);

function part(name: string, body: string): FormPart {
  return { name, rest: "", body: Buffer.from(body) };
}

/** The differences between the form and what the token was minted for. */
const slips = ["none", "none", "none", "field left out", "claim left out"] as const;

interface Attempt {
  readonly mode: Mode;
  readonly form: readonly FormPart[];
  /** The token's place in the form. */
  readonly place: number;
  readonly slip: (typeof slips)[number];
  readonly changes: Parameters<typeof mutate>[1];
  readonly sizes: readonly number[];
}

const attempts: Arbitrary<Attempt> = fc.record({
  mode,
  form: parts,
  place: fc.nat({ max: 12 }),
  slip: fc.constantFrom(...slips),
  changes: mutations,
  sizes: cuts,
});

async function attempt(spool: Spool, { mode: chosen, form, place, slip, changes, sizes }: Attempt): Promise<void> {
  const claims = form
    .filter(({ name }) => name !== "file" && name !== "token")
    .map(({ name, body }): [string, string] => [name, Buffer.from(body).toString()]);
  const token = part("token", tokenFor(slip === "claim left out" ? claims.slice(1) : claims));
  const first = slip === "field left out" ? form.findIndex(({ name }) => name === claims[0]?.[0]) : -1;
  const sent = form.filter((_, index) => index !== first);
  const credentials = chosen === "token" ? [token] : chosen === "signature" ? signatureParts : [];
  const all = [...sent.slice(0, place), ...credentials, ...sent.slice(place)];
  const burnt = new Set<string>();
  const file = new IncomingFile(spool, fileSize);
  try {
    const authoriser = authoriserFor(chosen, burnt);
    const source = chop(mutate(encodeForm(all), changes), sizes);
    const contentType = `multipart/form-data; boundary=${boundary}`;
    const reader = new FormReader(contentType, source, authoriser, limits);
    await reader.toFile();
    const received = await reader.toEnd(file);
    expect(authoriser.close()).toBe(principal);
    expectAdmitted(chosen, received, burnt);
    outcomeOf(() => validate(received.fields));
  } catch (error) {
    expectCallersFault(error);
  } finally {
    await file.discard();
  }
  expect(burnt.size).toBeLessThanOrEqual(1);
  expect(spool.usage()).toEqual({ files: 0, bytes: 0 });
}

function authoriserFor(chosen: Mode, burnt: Set<string>): Authoriser {
  if (chosen === "basic 1" || chosen === "basic 2") return basicAuthoriser(principal, chosen === "basic 1" ? 1 : 2);
  const ledger = {
    burn: async ({ digest }: { readonly digest: Uint8Array }) => {
      burnt.add(Buffer.from(digest).toString("hex"));
      return true;
    },
    onBurn: () => undefined,
  };
  return chosen === "token"
    ? tokenAuthoriser({ verify: async (text) => ({ token: await verify(text), principal }), ...ledger })
    : signatureAuthoriser({
        verify: async (fields) => ({ ...(await verifyV1Signature(v1Verifier, fields, now * 1000)), principal }),
        ...ledger,
      });
}

const v1Verifier = {
  config: { imagekitId: "another", v1Uploads: undefined },
  accountsByKey: { byPublicKey, noteUse: () => undefined },
};

async function byPublicKey(publicKey: string): Promise<KeyPairWithAccount | undefined> {
  if (publicKey !== keys.publicKey) return undefined;
  return {
    id: principal.key.id,
    account_id: principal.accountId,
    public_key: publicKey,
    private_key: keys.privateKey,
    private_key_hash: new Uint8Array(32),
    origin: "generated",
    role: "full",
    may_overwrite: 1,
    revoked_at: null,
    last_used_on: null,
    name: null,
    created_at: 0,
    expires_at: null,
    account_status: "active",
    account_v1_uploads: 1,
    account_storage_limit: null,
    custom_metadata_defaults: null,
    event_routes: null,
    imagekit_id: principal.imagekitId,
    restored_at: null,
    issued_after: null,
  };
}

async function verify(text: string) {
  try {
    const findPrivateKey = (kid: string) => (kid === keys.publicKey ? keys.privateKey : undefined);
    return await verifyUploadToken(text, { now, findPrivateKey });
  } catch (error) {
    if (!(error instanceof UploadTokenError)) throw error;
    throw new SluiceError("TOKEN_INVALID", { problem: error.problem });
  }
}

function tokenFor(claims: [string, string][]): string {
  return sign({
    header: { alg: "HS256", typ: "JWT", kid: keys.publicKey },
    claims,
    times: { iat: now - 5, exp: now + 60 },
    secret: keys.privateKey,
  });
}

/** An admitted form has shown credentials, and has no field that the credentials don't cover. */
function expectAdmitted(chosen: Mode, { fields }: ReceivedForm, burnt: ReadonlySet<string>): void {
  expect(chosen).not.toBe("unsigned");
  if (chosen === "basic 1") expect(fields.has("signature")).toBe(false);
  if (chosen === "basic 2") expect(fields.has("token")).toBe(false);
  if (chosen === "basic 1" || chosen === "basic 2") return;
  expect(burnt.size).toBe(1);
  if (chosen === "signature") {
    expect(fields.get("signature")).toBe(signature);
    return;
  }
  const [, payload = ""] = (fields.get("token") ?? "").split(".");
  const { iat, exp, ...claims } = JSON.parse(Buffer.from(payload, "base64url").toString());
  expect([iat, exp]).toEqual([now - 5, now + 60]);
  for (const [name, value] of Object.entries<string>(claims)) {
    // A single entry stands for the list that holds it.
    expect(fields.get(name)).toBe(joinList(name, [value]) ?? value);
  }
  for (const name of fields.keys()) expect(name === "token" || Object.hasOwn(claims, name)).toBe(true);
}
