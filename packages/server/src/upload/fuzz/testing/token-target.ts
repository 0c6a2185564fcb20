import { createHmac } from "node:crypto";
import { matchPayload, UploadTokenError, verifyUploadToken } from "@sluice/token";
import fc, { type Arbitrary } from "fast-check";
import { expect } from "vitest";
import type { FuzzTarget } from "./fuzz-target.ts";
import { fieldName, hostileText } from "./hostile-text.ts";
import { mutate, mutations } from "./mutation.ts";

const now = 1_767_225_600;
export const keys = { publicKey: "public_test", privateKey: "private_test" } as const;

const headerMember = fc.oneof(
  fc.tuple(fc.constant("alg"), fc.constantFrom<unknown>("HS256", "none", "HS512", "RS256", "hs256", null, ["HS256"])),
  fc.tuple(fc.constant("typ"), fc.constantFrom<unknown>("JWT", "jwt", "at+jwt", "", 1, undefined)),
  fc.tuple(fc.constant("kid"), fc.constantFrom<unknown>("public_test", "public_other", "", "../x", 7, undefined)),
  fc.tuple(
    fc.constantFrom("crit", "jwk", "jku", "b64", "zip", "__proto__"),
    fc.constantFrom<unknown>([], "x", { alg: "none" }),
  ),
);
const time = fc.constantFrom<unknown>(now, now - 10, now + 60, now + 61, now + 3600, "1767225600", 1.5, null, -1, 2e20);

interface TokenCase {
  readonly header: Record<string, unknown>;
  readonly claims: [string, unknown][];
  readonly times: { readonly iat: unknown; readonly exp: unknown };
  readonly secret: string;
}

const tokenCase: Arbitrary<TokenCase> = fc.record({
  header: fc
    .oneof(
      { weight: 2, arbitrary: fc.constant([]) },
      { weight: 1, arbitrary: fc.array(headerMember, { maxLength: 2 }) },
    )
    .map((members) => ({ alg: "HS256", typ: "JWT", kid: keys.publicKey, ...Object.fromEntries(members) })),
  claims: fc.array(fc.tuple(fieldName, fc.oneof(hostileText, fc.integer(), fc.constant(null))), { maxLength: 4 }),
  times: fc.oneof(
    { weight: 3, arbitrary: fc.constant({ iat: now - 5, exp: now + 60 } as { iat: unknown; exp: unknown }) },
    { weight: 1, arbitrary: fc.record({ iat: time, exp: time }) },
  ),
  secret: fc.oneof({ weight: 6, arbitrary: fc.constant(keys.privateKey) }, { weight: 1, arbitrary: hostileText }),
});

/** A token passes only if the key's holder has signed exactly this text, in the one form that the protocol has. */
export const tokenTarget: FuzzTarget = {
  name: "token verification",
  share: 120,
  check: (batch) =>
    fc.assert(
      fc.asyncProperty(tokenCase, mutations, fc.array(fc.tuple(fieldName, hostileText), { maxLength: 4 }), check),
      batch,
    ),
};

async function check(given: TokenCase, changes: Parameters<typeof mutate>[1], form: [string, string][]): Promise<void> {
  const text = mutate(Buffer.from(sign(given)), changes).toString("latin1");
  const verified = await verifyUploadToken(text, {
    now,
    findPrivateKey: (kid) => (kid === keys.publicKey ? keys.privateKey : undefined),
  }).catch((error: unknown) => {
    if (!(error instanceof UploadTokenError)) throw error;
    return undefined;
  });
  if (verified === undefined) return;
  expectSigned(text);
  expect(verified.expiresAt - verified.issuedAt).toBeLessThanOrEqual(3600);
  expect(verified.expiresAt).toBeGreaterThan(now);
  expect(verified.issuedAt).toBeLessThanOrEqual(now + 60);
  const fields = form.filter(([name]) => name !== "file" && name !== "token");
  const names = fields.map(([name]) => name);
  const same =
    new Set(names).size === names.length &&
    names.length === verified.claims.size &&
    fields.every(([name, value]) => verified.claims.get(name) === value);
  expect(matchPayload(verified.claims, form) === undefined).toBe(same);
}

/** Verifies the signature again, by other means. */
function expectSigned(text: string): void {
  const [header = "", payload = "", signature = ""] = text.split(".");
  const right = createHmac("sha256", keys.privateKey).update(`${header}.${payload}`).digest();
  expect(Buffer.from(signature, "base64url").equals(right)).toBe(true);
  expect(text).toMatch(/^[\w-]+\.[\w-]+\.[\w-]{43}$/);
  const { alg, typ, kid, crit } = JSON.parse(Buffer.from(header, "base64url").toString());
  expect([alg, String(typ).toUpperCase(), kid, crit]).toEqual(["HS256", "JWT", keys.publicKey, undefined]);
}

export function sign({ header, claims, times, secret }: TokenCase): string {
  const payload = JSON.stringify({ ...Object.fromEntries(claims), ...times });
  const signed = [JSON.stringify(header), payload].map((part) => Buffer.from(part).toString("base64url")).join(".");
  return `${signed}.${createHmac("sha256", secret).update(signed).digest("base64url")}`;
}
