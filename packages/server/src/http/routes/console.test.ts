import Fastify, { type FastifyInstance } from "fastify";
import { sql } from "kysely";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { closeAccount } from "../../account-data/erase/erasure-transactions.ts";
import { createKeyPair, revokeKeyPair } from "../../accounts/manage-key-pairs.ts";
import { openConsoleDoor } from "../../console/console-door.ts";
import { createConsoleLink } from "../../console/session-transactions.ts";
import { createLogger } from "../../observability/logger.ts";
import { describeEngines } from "../../testing/engines.ts";
import { openOtherConnection } from "../../testing/other-connection.ts";
import { openUploadFixture, type UploadFixture } from "../../testing/upload-fixture.ts";
import { hashSecret, newSecret } from "../../text/secrets.ts";
import { addErrorHandling } from "../plugins/errors.ts";
import { holdAgainstSchemas } from "../testing/held-against-schemas.ts";
import { consoleRoutes } from "./console.ts";
import { customMetadataFieldsRoutes } from "./custom-metadata-fields.ts";

const own = { host: "127.0.0.1:3000", origin: "http://127.0.0.1:3000", "x-sluice-console": "1" };
const keys = { publicKey: "public_demo", privateKey: "private_demo" };
const sessionPath = "/_sluice/console/session";
const hourMs = 3600 * 1000;

interface Sent {
  readonly method?: "DELETE" | "GET" | "POST";
  readonly path?: string;
  readonly body?: object | undefined;
  readonly cookie?: string | undefined;
  readonly headers?: Readonly<Record<string, string>>;
  readonly at?: FastifyInstance;
  readonly from?: string;
}

describeEngines((engine) => {
  let fixture: UploadFixture;
  let app: FastifyInstance;
  let problems: () => void;
  beforeEach(async () => {
    fixture = await openUploadFixture(engine);
    app = await openNode();
    problems = holdAgainstSchemas(app);
    await app.ready();
  });
  afterEach(async () => {
    problems();
    await app.close();
    await fixture.close();
  });

  /** An app as each process has one: with a memory of its own beside the database. */
  async function openNode(): Promise<FastifyInstance> {
    const node = Fastify();
    addErrorHandling(node);
    const services = {
      ...fixture.services,
      publicUrl: () => "http://127.0.0.1:3000",
      logger: createLogger("silent"),
      door: openConsoleDoor(fixture.services),
    };
    node.register(consoleRoutes(services));
    node.register(customMetadataFieldsRoutes(services));
    return node;
  }

  async function ask({ method = "GET", path = sessionPath, body, cookie, headers = own, at = app, from }: Sent = {}) {
    const answer = await at.inject({
      method,
      url: path,
      ...(from !== undefined && { remoteAddress: from }),
      headers: { ...headers, ...(cookie !== undefined && { cookie }) },
      ...(body !== undefined && { payload: JSON.stringify(body) }),
    });
    const { statusCode: status, headers: answered } = answer;
    return { status, headers: answered, body: answer.body === "" ? undefined : answer.json() };
  }
  const reasonOf = async (asked: ReturnType<typeof ask>) => {
    const { status, body } = await asked;
    return [status, body?.reason];
  };
  const signIn = (proof: object = keys, sent: Sent = {}) => ask({ method: "POST", body: proof, ...sent });

  async function cookieOf(proof: object = keys, sent: Sent = {}): Promise<string> {
    const { status, headers, body } = await signIn(proof, sent);
    expect(status, JSON.stringify(body)).toBe(201);
    return String(headers["set-cookie"]).split(";")[0] ?? "";
  }

  async function makeLink(role: "full" | "read" = "full", lifeMs = hourMs): Promise<string> {
    const secret = newSecret();
    const link = { imagekitId: "demo", hash: hashSecret(secret), role, now: fixture.time, lifeMs };
    expect(await fixture.parts.database.run(createConsoleLink, link)).toBe(true);
    return secret;
  }

  /** Has the sessions be older, as if the database's clock had gone on. */
  async function age(milliseconds: number): Promise<void> {
    const other = openOtherConnection(fixture.config);
    try {
      const by = Math.round(milliseconds);
      await sql`update console_sessions set last_seen_at = last_seen_at - ${by}, ends_at = ends_at - ${by}`.execute(
        other,
      );
    } finally {
      await other.destroy();
    }
  }

  test("a key pair signs in, the session tells of itself, and ends by signing out", async () => {
    const { status, headers, body } = await signIn();
    expect(status).toBe(201);
    expect(headers["set-cookie"]).toMatch(
      /^sluice_[0-9a-f]{12}=[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict; Max-Age=604800$/,
    );
    expect(headers["cache-control"]).toBe("no-store");
    expect(body).toMatchObject({
      session: { role: "full", publicKey: "public_demo", idleSeconds: 43_200 },
      account: { imagekitId: "demo", urlEndpoint: "http://127.0.0.1:3000/demo" },
      limits: { fileBytes: 26_214_400, videoBytes: 314_572_800 },
      delivery: { bestFormat: true },
      features: { trashDays: 7, virusScan: false },
      sharesOrigin: true,
    });
    expect(JSON.stringify(body)).not.toContain("private_demo");
    const cookie = String(headers["set-cookie"]).split(";")[0];
    expect((await ask({ cookie })).body).toEqual(body);
    const left = await ask({ method: "DELETE", cookie });
    expect([left.status, left.headers["set-cookie"]]).toEqual([204, expect.stringMatching(/=; .*Max-Age=0$/)]);
    expect(await reasonOf(ask({ cookie }))).toEqual([401, "CONSOLE_SESSION_ENDED"]);
  });

  test("keys that are no pair don't sign in, and what is neither a pair nor a link is refused by name", async () => {
    const wrong = [
      { publicKey: "public_nobody", privateKey: "private_demo" },
      { publicKey: "public_demo", privateKey: "private_demo2" },
      { publicKey: "public_demo", privateKey: "private_stranger" },
      { publicKey: "private_demo", privateKey: "public_demo" },
    ];
    for (const proof of wrong) {
      const { status, headers, body } = await signIn(proof);
      expect([status, body.reason, headers["set-cookie"]]).toEqual([401, "CONSOLE_SIGN_IN_FAILED", undefined]);
    }
    const unreadable = [
      {},
      { publicKey: "public_demo" },
      { ...keys, link: "x" },
      { publicKey: "public_demo", privateKey: ["private_demo"] },
      { link: 1 },
      { ...keys, remember: true },
    ];
    for (const proof of unreadable) expect(await reasonOf(signIn(proof))).toEqual([400, "PARAMETER_INVALID"]);
  });

  test("a pair that may only upload doesn't sign in; one that may only read has a session that only reads", async () => {
    const account = { imagekit_id: "demo" };
    for (const role of ["upload", "read"] as const) {
      const pair = { publicKey: `public_${role}`, privateKey: `private_${role}` };
      const rights = { role, mayOverwrite: false };
      await fixture.parts.database.run(createKeyPair, { account, pair, rights, now: 1 });
    }
    const upload = { publicKey: "public_upload", privateKey: "private_upload" };
    expect(await reasonOf(signIn(upload))).toEqual([401, "CONSOLE_SIGN_IN_FAILED"]);
    const cookie = await cookieOf({ publicKey: "public_read", privateKey: "private_read" });
    expect((await ask({ cookie })).body.session.role).toBe("read");
    expect((await ask({ cookie, path: "/v1/customMetadataFields" })).status).toBe(200);
    const changes: Sent[] = [
      { method: "POST", path: "/v1/customMetadataFields", body: {} },
      { path: "/_sluice/console/sessions" },
      { method: "DELETE", path: "/_sluice/console/sessions/0123456789abcdef01234567" },
      { method: "POST", path: "/_sluice/console/upload-tokens", body: { uploadPayload: { fileName: "a" } } },
    ];
    for (const sent of changes) expect(await reasonOf(ask({ cookie, ...sent }))).toEqual([403, "KEY_NOT_ALLOWED"]);
    expect((await ask({ method: "DELETE", cookie })).status).toBe(204);
  });

  test("a link signs in once, with the role that it was made for", async () => {
    const link = await makeLink("read");
    const { status, body } = await signIn({ link });
    expect([status, body.session.role, body.session.publicKey]).toEqual([201, "read", "public_demo"]);
    expect(await reasonOf(signIn({ link }))).toEqual([401, "CONSOLE_LINK_INVALID"]);
    expect(await reasonOf(signIn({ link: newSecret() }))).toEqual([401, "CONSOLE_LINK_INVALID"]);
    expect(await reasonOf(signIn({ link: await makeLink("full", 0) }))).toEqual([401, "CONSOLE_LINK_INVALID"]);
  });

  test("a link of an account without a key pair that may do everything signs nobody in, and is not used up", async () => {
    const link = await makeLink();
    const other = openOtherConnection(fixture.config);
    try {
      await sql`update key_pairs set role = 'read' where public_key = 'public_demo'`.execute(other);
      expect(await reasonOf(signIn({ link }))).toEqual([401, "CONSOLE_LINK_INVALID"]);
      await sql`update key_pairs set role = 'full' where public_key = 'public_demo'`.execute(other);
    } finally {
      await other.destroy();
    }
    expect((await signIn({ link })).status).toBe(201);
  });

  test("of several who use a link at once, on two nodes, one is let in", async () => {
    const other = await openNode();
    try {
      const link = await makeLink();
      const answers = await Promise.all([app, other, app, other, app, other].map((at) => signIn({ link }, { at })));
      expect(answers.map(({ status }) => status).sort()).toEqual([201, 401, 401, 401, 401, 401]);
      expect(await fixture.parts.database.reader.selectFrom("console_sessions").select("id").execute()).toHaveLength(1);
    } finally {
      await other.close();
    }
  });

  test("a session works on every node, and its end holds on every node", async () => {
    const other = await openNode();
    try {
      const cookie = await cookieOf();
      expect((await ask({ cookie, at: other })).status).toBe(200);
      await ask({ method: "DELETE", cookie, at: other });
      expect((await ask({ cookie })).status).toBe(401);
    } finally {
      await other.close();
    }
  });

  test("signing in again ends the session of before, whoever made it, and takes no value that the browser had", async () => {
    const before = await cookieOf();
    const after = await cookieOf({ publicKey: "public_stranger", privateKey: "private_stranger" }, { cookie: before });
    expect(after).not.toBe(before);
    expect((await ask({ cookie: before })).status).toBe(401);
    const [name] = before.split("=");
    const planted = `${name}=${newSecret()}`;
    expect(await cookieOf(keys, { cookie: planted })).not.toBe(planted);
    expect((await ask({ cookie: planted })).status).toBe(401);
  });

  test("two cookies of the same name are none", async () => {
    const cookie = await cookieOf();
    const [name] = cookie.split("=");
    const both = `${name}=${newSecret()}; ${cookie}`;
    expect(await reasonOf(ask({ cookie: both }))).toEqual([401, "CONSOLE_SESSION_MISSING"]);
    expect((await ask({ cookie: `${cookie}; other=1; ${cookie}` })).status).toBe(200);
  });

  test("a session that isn't used ends, and one that is used ends after some days, by the database's clock", async () => {
    const cookie = await cookieOf();
    await age(12 * hourMs - 30_000);
    expect((await ask({ cookie })).status).toBe(200);
    // That use counts.
    await age(12 * hourMs - 30_000);
    expect((await ask({ cookie })).status).toBe(200);
    await age(12 * hourMs);
    expect(await reasonOf(ask({ cookie }))).toEqual([401, "CONSOLE_SESSION_ENDED"]);
    const used = await cookieOf();
    for (let half = 0; half < 15; half += 1) {
      expect((await ask({ cookie: used })).status, `after ${half * 11} hours`).toBe(200);
      await age(11.2 * hourMs);
    }
    expect((await ask({ cookie: used })).status).toBe(401);
  });

  test("the end of a key pair, or of the account, ends its sessions at once", async () => {
    const { database } = fixture.parts;
    const account = { imagekit_id: "demo" };
    const pair = { publicKey: "public_second", privateKey: "private_second" };
    const rights = { role: "full", mayOverwrite: true } as const;
    await database.run(createKeyPair, { account, pair, rights, now: 1 });
    const cookie = await cookieOf(pair);
    const byFirst = await cookieOf();
    await database.run(revokeKeyPair, { account, revoked: { public_key: "public_second" }, now: Date.now() });
    expect(await reasonOf(ask({ cookie }))).toEqual([401, "CONSOLE_SESSION_ENDED"]);
    expect(await reasonOf(signIn(pair))).toEqual([401, "CONSOLE_SIGN_IN_FAILED"]);
    expect((await ask({ cookie: byFirst })).status).toBe(200);
    expect((await ask({ cookie: byFirst, path: "/_sluice/console/sessions" })).body).toHaveLength(1);
    const link = await makeLink();
    await database.run(closeAccount, { imagekitId: "demo" });
    expect(await reasonOf(ask({ cookie: byFirst }))).toEqual([401, "CONSOLE_SESSION_ENDED"]);
    expect(await reasonOf(signIn({ link }))).toEqual([401, "CONSOLE_LINK_INVALID"]);
  });

  test("sessions are listed and ended, those of the account alone", async () => {
    const path = "/_sluice/console/sessions";
    const cookie = await cookieOf(keys, { headers: { ...own, "user-agent": "A browser <\u0001>".padEnd(300, "x") } });
    const other = await cookieOf();
    const theirs = await cookieOf({ publicKey: "public_stranger", privateKey: "private_stranger" });
    const [strange] = (await ask({ cookie: theirs, path })).body;
    const { body } = await ask({ cookie, path });
    expect(body.map(({ current, role }: Record<string, unknown>) => [current, role]).sort()).toEqual([
      [false, "full"],
      [true, "full"],
    ]);
    expect(body.find(({ current }: { current: boolean }) => current).client).toMatch(/^A browser <>x{188}$/);
    const id = body.find(({ current }: { current: boolean }) => !current).id;
    expect(await reasonOf(ask({ method: "DELETE", cookie, path: `${path}/${strange.id}` }))).toEqual([
      404,
      "CONSOLE_SESSION_NOT_FOUND",
    ]);
    expect((await ask({ method: "DELETE", cookie, path: `${path}/${id}` })).status).toBe(204);
    expect((await ask({ cookie: other })).status).toBe(401);
    expect((await ask({ cookie: theirs })).status).toBe(200);
    // A script may do so as well, with the private key.
    const headers = { authorization: `Basic ${btoa("private_demo:")}` };
    expect((await ask({ headers, path })).body).toHaveLength(1);
  });

  test("a key pair keeps its sessions that were used last, and those of other pairs are not touched", async () => {
    const pair = { publicKey: "public_reader", privateKey: "private_reader" };
    const rights = { role: "read", mayOverwrite: false } as const;
    await fixture.parts.database.run(createKeyPair, { account: { imagekit_id: "demo" }, pair, rights, now: 1 });
    const others = await cookieOf();
    const first = await cookieOf(pair);
    await age(60_000);
    const { reader } = fixture.parts.database;
    for (let more = 0; more < 100; more += 1) await cookieOf(pair);
    expect(await reader.selectFrom("console_sessions").select("id").execute()).toHaveLength(101);
    expect((await ask({ cookie: first })).status).toBe(401);
    expect((await ask({ cookie: others })).status).toBe(200);
  });

  test("a token for an upload is minted by the key pair of the session", async () => {
    const cookie = await cookieOf();
    const path = "/_sluice/console/upload-tokens";
    const uploadPayload = { fileName: "a.jpg", folder: "/x" };
    const { status, body } = await ask({ method: "POST", cookie, path, body: { uploadPayload, expire: 30 } });
    expect(status).toBe(200);
    const [header, claims] = body.token
      .split(".")
      .slice(0, 2)
      .map((part: string) => {
        return JSON.parse(Buffer.from(part, "base64url").toString());
      });
    expect([header.kid, claims.fileName, claims.folder, claims.exp - claims.iat]).toEqual([
      "public_demo",
      "a.jpg",
      "/x",
      30,
    ]);
  });

  describe("attempts are bounded", () => {
    const wrong = { publicKey: "public_demo", privateKey: "private_wrong" };

    test("by address, also where many come at once; links count as well, and other addresses don't", async () => {
      const many = await Promise.all(
        Array.from({ length: 20 }, (_, index) => signIn(index % 2 === 0 ? wrong : { link: newSecret() })),
      );
      expect(many.filter(({ status }) => status === 401)).toHaveLength(10);
      const refused = await signIn(wrong);
      expect([refused.status, refused.body.reason]).toEqual([429, "TOO_MANY_SIGN_INS"]);
      expect(Number(refused.headers["retry-after"])).toBeGreaterThan(290);
      expect((await signIn(wrong, { from: "192.0.2.1" })).status).toBe(401);
      fixture.time += 5 * 60_000;
      expect((await signIn(wrong)).status).toBe(401);
    });

    test("by account, from however many addresses; another account's are not touched", async () => {
      for (let index = 0; index < 100; index += 1) await signIn(wrong, { from: `192.0.2.${index}` });
      const from = "192.0.2.200";
      expect(await reasonOf(signIn(wrong, { from }))).toEqual([429, "TOO_MANY_SIGN_INS"]);
      const stranger = { publicKey: "public_stranger", privateKey: "private_wrong" };
      expect((await signIn(stranger, { from })).status).toBe(401);
    });

    test("but whoever has the right keys or a link gets in, however many attempts have failed", async () => {
      for (let index = 0; index < 120; index += 1) await signIn(wrong, { from: `192.0.2.${index % 12}` });
      const from = "192.0.2.1";
      expect((await signIn(wrong, { from })).status).toBe(429);
      expect((await signIn({ link: newSecret() }, { from })).status).toBe(429);
      expect((await signIn(keys, { from })).status).toBe(201);
      expect((await signIn({ link: await makeLink() }, { from })).status).toBe(201);
      expect((await signIn(wrong, { from })).status).toBe(429);
    });

    test("and those that succeed don't count", async () => {
      for (let index = 0; index < 12; index += 1) expect((await signIn()).status).toBe(201);
    });

    test("and neither do those that the database's absence has ended", async () => {
      const { reader } = fixture.parts.database;
      const { selectFrom } = reader;
      reader.selectFrom = () => {
        throw new Error("the database is away");
      };
      for (let index = 0; index < 12; index += 1) expect((await signIn({ link: newSecret() })).status).toBe(500);
      reader.selectFrom = selectFrom;
      expect((await signIn(wrong)).status).toBe(401);
    });
  });
});
