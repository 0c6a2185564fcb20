import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { verifyUploadToken } from "@sluice/token";
import type { FastifyInstance } from "fastify";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { createAccount } from "../../accounts/account-transactions.ts";
import { rotateKeyPair } from "../../accounts/manage-key-pairs.ts";
import { openParts, type Parts } from "../../app/parts.ts";
import { resolveConfig } from "../../config/resolve-config.ts";
import type { Settings } from "../../config/settings.ts";
import { RememberedAnswers } from "../../delivery/remembered-answers.ts";
import { createLogger } from "../../observability/logger.ts";
import { openTestDatabase } from "../../testing/open-test-database.ts";
import { newSecret } from "../../text/secrets.ts";
import { openUploadAdmission, type UploadAdmission } from "../../upload/form/admission/upload-admission.ts";
import { UploadsUnderWay } from "../../upload/outcome/uploads-under-way.ts";
import { UnknownParameters } from "../../upload/resolve/unknown-parameters.ts";
import { createApp } from "../create-app.ts";
import { newLifecycle } from "../lifecycle.ts";

const host = "localhost:3000";
const secret = newSecret();
const page = { host, origin: "http://localhost:3000", "sec-fetch-site": "same-origin" };
const own = { ...page, "x-sluice-demo": secret };
const keys = { publicKey: 'public_"test"', privateKey: "private_test" };
const fresh = { publicKey: "public_fresh", privateKey: "private_fresh" };

let folder: string;
let parts: Parts;
let admission: UploadAdmission;
let time = Date.now();

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "sluice-demo-"));
  parts = await openParts(resolveConfig({ dataDir: folder }), { open: openTestDatabase });
  admission = await openUploadAdmission(resolveConfig({}), folder);
  await parts.database.run(createAccount, { imagekitId: "demo", pair: keys, now: time });
});

afterAll(async () => {
  await parts.close();
  await rm(folder, { recursive: true });
});

function open(settings: Settings = {}): FastifyInstance {
  return createApp({
    ...parts,
    rememberedAnswers: new RememberedAnswers(parts),
    admission,
    uploadsUnderWay: new UploadsUnderWay(),
    unknownParameters: new UnknownParameters(createLogger("silent")),
    config: resolveConfig({ dataDir: folder, ...settings }),
    logger: createLogger("silent"),
    lifecycle: newLifecycle(),
    jobKinds: [],
    now: () => time,
    demoSecret: secret,
    publicUrl: () => "https://media.example",
  });
}

let app: FastifyInstance;
beforeEach(() => {
  app = open();
});

describe("the page", () => {
  test("runs only what carries its own nonce, and shows pictures from the public URL", async () => {
    const nonces = new Set<string>();
    for (const url of ["/_sluice/demo", "/_sluice/demo/"]) {
      const { statusCode, headers, body } = await app.inject({ url, headers: { host } });
      expect(statusCode).toBe(200);
      const policy = String(headers["content-security-policy"]);
      const nonce = /'nonce-([^']+)'/.exec(policy)?.[1] ?? "";
      nonces.add(nonce);
      expect(policy.split("; ")).toEqual([
        "default-src 'none'",
        `script-src 'nonce-${nonce}'`,
        `style-src 'nonce-${nonce}'`,
        "connect-src 'self' https://media.example",
        "img-src 'self' blob: https://media.example",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
        "require-trusted-types-for 'script'",
        "trusted-types 'none'",
      ]);
      const loaders = body.match(/<(?:script|style)\b[^>]*>/g) ?? [];
      expect(loaders).toHaveLength(3);
      for (const tag of loaders) expect(tag).toContain(`nonce="${nonce}"`);
      expect(body).not.toMatch(/ (?:style|on\w+)=/);
      expect(headers).toMatchObject({
        "content-type": "text/html; charset=utf-8",
        "cache-control": "no-store",
        "referrer-policy": "no-referrer",
        "x-content-type-options": "nosniff",
      });
    }
    expect(nonces.size).toBe(2);
  });

  test("knows the public key and never the private one", async () => {
    const { body } = await app.inject({ url: "/_sluice/demo", headers: { host } });
    expect(body).toContain('data-public-key="public_&#34;test&#34;"');
    expect(body).not.toContain(keys.privateKey);
  });

  test("does not know the secret, and has no image without a source", async () => {
    const { body } = await app.inject({ url: "/_sluice/demo", headers: own });
    expect(body).not.toContain(secret);
    expect(body).not.toMatch(/<img(?![^>]*\ssrc=)/);
  });

  test("finds every module that it imports, as JavaScript", async () => {
    const { body } = await app.inject({ url: "/_sluice/demo", headers: { host } });
    const seen = new Set(/src="([^"]+)"/.exec(body)?.slice(1));
    for (const url of seen) {
      const answer = await app.inject({ url });
      expect(answer).toMatchObject({
        statusCode: 200,
        headers: { "content-type": "text/javascript; charset=utf-8", "x-content-type-options": "nosniff" },
      });
      expect(answer.body).not.toMatch(/: (?:string|void|Promise)\b|\binterface\b/);
      for (const [, name] of answer.body.matchAll(/ from "\.\/([^"]+)"/g)) seen.add(`/_sluice/demo/client/${name}`);
    }
    expect(seen.size).toBeGreaterThan(5);
  });

  test.each(["main.test.ts", "..%2fdemo-secret.ts", "nothing.ts", "flow.test.ts", "main"])(
    "serves nothing else of its folder, such as %s",
    async (name) => {
      const answer = await app.inject({ url: `/_sluice/demo/client/${name}` });
      expect([answer.statusCode, answer.json().reason]).toEqual([404, "ROUTE_NOT_FOUND"]);
    },
  );

  test("has an icon", async () => {
    const { statusCode, headers } = await app.inject({ url: "/_sluice/demo/icon.svg" });
    expect([statusCode, headers["content-type"]]).toEqual([200, "image/svg+xml"]);
  });
});

interface Asked {
  readonly payload?: Record<string, string>;
  readonly expire?: number;
  readonly publicKey?: string;
  readonly headers?: Record<string, string>;
}

function ask({
  payload = { fileName: "a.jpg", folder: "/demo" },
  expire = 60,
  publicKey = keys.publicKey,
  headers,
}: Asked) {
  return app.inject({
    method: "POST",
    url: "/_sluice/demo/token",
    headers: headers ?? own,
    payload: JSON.stringify({ uploadPayload: payload, expire, publicKey }),
  });
}

async function read(token: string, privateKey = keys.privateKey) {
  const verified = await verifyUploadToken(token, { findPrivateKey: () => privateKey, now: time / 1000 });
  return { ...verified, claims: Object.fromEntries(verified.claims) };
}

describe("the token route", () => {
  test("mints for its own page exactly what it asks for", async () => {
    const payload = {
      fileName: "a b.jpg",
      folder: "/demo",
      useUniqueFileName: "false",
      tags: "x",
      responseFields: "tags",
    };
    const answer = await ask({ payload });
    expect(answer).toMatchObject({ statusCode: 200, headers: { "cache-control": "no-store" } });
    expect(Object.keys(answer.json())).toEqual(["token"]);
    const { claims, issuedAt, expiresAt } = await read(answer.json().token);
    expect(claims).toEqual(payload);
    expect(expiresAt - issuedAt).toBe(60);
  });

  test.each<[string, Record<string, string>]>([
    ["its own page, opened without the link", page],
    ["its own page, opened by the link of an earlier start", { ...page, "x-sluice-demo": newSecret() }],
    ["what a proxy passes on that names its upstream", { host: "localhost:3000" }],
    ["another site's page", { host, origin: "https://evil.example", "sec-fetch-site": "cross-site" }],
    ["a rebound name", { host: "evil.example", origin: "http://evil.example", "sec-fetch-site": "same-origin" }],
  ])("refuses %s in words, and lets no other page read them", async (_, headers) => {
    const answer = await ask({ headers });
    expect(answer.statusCode).toBe(403);
    expect(answer.json()).toEqual({
      message: expect.stringContaining("its own page alone"),
      help: expect.stringContaining("that link"),
      reason: "NOT_THE_DEMO_PAGE",
    });
    expect(answer.headers["access-control-allow-origin"]).toBeUndefined();
  });

  test("mints under whatever name the page was opened", async () => {
    for (const name of ["media.example", "192.0.2.1:3000", "rebound.test"]) {
      expect((await ask({ headers: { host: name, "x-sluice-demo": secret } })).statusCode).toBe(200);
    }
  });

  test("answers no preflight", async () => {
    const headers = {
      ...own,
      origin: "https://evil.example",
      "access-control-request-method": "POST",
      "access-control-request-headers": "x-sluice-demo",
    };
    const answer = await app.inject({ method: "OPTIONS", url: "/_sluice/demo/token", headers });
    expect([answer.statusCode, answer.headers["access-control-allow-origin"]]).toEqual([404, undefined]);
  });

  test.each([{}, { folder: "/" }, { folder: "/demo/../private" }])(
    "pins the folder where %j is asked for",
    async (asked) => {
      const { token, parameters } = (await ask({ payload: { fileName: "a.jpg", ...asked } })).json();
      expect(parameters).toEqual({ fileName: "a.jpg", folder: "/demo" });
      expect((await read(token)).claims).toEqual(parameters);
    },
  );

  test.each(["overwriteFile", "isPrivateFile", "webhookUrl", "transformation"])("refuses %s by name", async (name) => {
    const answer = await ask({ payload: { fileName: "a.jpg", [name]: "true" } });
    expect(answer.statusCode).toBe(400);
    expect(answer.json()).toMatchObject({ reason: "PARAMETER_NOT_ALLOWED", message: expect.stringContaining(name) });
  });

  test("cuts a long lifetime down", async () => {
    const { issuedAt, expiresAt } = await read((await ask({ expire: 3600 })).json().token);
    expect(expiresAt - issuedAt).toBe(900);
  });

  test.each([
    "application/json",
    "text/plain",
    "application/x-www-form-urlencoded; charset=UTF-8",
    "none of these",
    "",
  ])("takes JSON that calls itself %j", async (type) => {
    expect((await ask({ headers: { ...own, "content-type": type } })).statusCode).toBe(200);
  });

  test.each([
    ["", 400, "BODY_INVALID"],
    ["fileName=a.jpg", 400, "BODY_INVALID"],
    [" ".repeat(65_537), 413, "BODY_TOO_LARGE"],
    [" ".repeat(2 ** 20 + 1), 413, "BODY_TOO_LARGE"],
  ])("refuses a body like %.20j", async (payload, status, reason) => {
    const answer = await app.inject({ method: "POST", url: "/_sluice/demo/token", headers: own, payload });
    expect([answer.statusCode, answer.json().reason]).toEqual([status, reason]);
  });
});

test("where the demo is off, nothing of it is there", async () => {
  app = open({ demo: false });
  const answers = [
    await ask({}),
    await app.inject({ url: "/_sluice/demo", headers: { host } }),
    await app.inject({ url: "/_sluice/demo/icon.svg" }),
    await app.inject({ url: "/_sluice/demo/client/main.ts" }),
  ];
  for (const answer of answers) expect([answer.statusCode, answer.json().reason]).toEqual([404, "ROUTE_NOT_FOUND"]);
});

test("after a rotation the page gets the new key, and one loaded before goes on while the grace lasts", async () => {
  time += 1000;
  await parts.database.run(rotateKeyPair, { imagekitId: "demo", pair: fresh, graceMs: 60_000, now: time });
  expect((await app.inject({ url: "/_sluice/demo", headers: { host } })).body).toContain(
    'data-public-key="public_fresh"',
  );
  const renewed = await ask({ publicKey: fresh.publicKey });
  expect((await read(renewed.json().token, fresh.privateKey)).publicKey).toBe(fresh.publicKey);
  expect((await ask({})).statusCode).toBe(200);
  time += 60_000;
  const late = await ask({});
  expect([late.statusCode, late.json().reason]).toEqual([400, "PUBLIC_KEY_UNKNOWN"]);
});
