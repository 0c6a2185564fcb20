import Fastify, { type FastifyInstance } from "fastify";
import { afterEach, beforeEach, expect, test } from "vitest";
import { describeEngines } from "../../testing/engines.ts";
import { openUploadFixture, type UploadFixture } from "../../testing/upload-fixture.ts";
import { addErrorHandling } from "../plugins/errors.ts";
import { holdAgainstSchemas } from "../testing/held-against-schemas.ts";
import { keyPairsRoutes } from "./key-pairs.ts";

describeEngines((engine) => {
  let fixture: UploadFixture;
  let app: FastifyInstance;
  let problems: () => void;
  beforeEach(async () => {
    fixture = await openUploadFixture(engine);
    app = Fastify();
    addErrorHandling(app);
    problems = holdAgainstSchemas(app);
    app.register(keyPairsRoutes(fixture.services));
    await app.ready();
  });
  afterEach(async () => {
    problems();
    await app.close();
    await fixture.close();
  });

  async function ask(method: "DELETE" | "GET" | "POST", path = "", body?: object, privateKey = "private_demo") {
    const answer = await app.inject({
      method,
      url: `/_sluice/keys${path}`,
      headers: { authorization: `Basic ${btoa(`${privateKey}:`)}` },
      ...(body !== undefined && { payload: JSON.stringify(body) }),
    });
    expect(answer.headers["cache-control"]).toBe("no-store");
    return { status: answer.statusCode, body: answer.body === "" ? undefined : answer.json() };
  }
  const reasonOf = async (asked: ReturnType<typeof ask>) => {
    const { status, body } = await asked;
    return [status, body?.reason];
  };

  test("pairs are made, listed, replaced and revoked, and a private key is shown once", async () => {
    const { status, body: made } = await ask("POST", "", { role: "upload", mayOverwrite: true, name: "shop" });
    expect([status, Object.keys(made)]).toEqual([201, ["id", "publicKey", "privateKey"]]);
    const listed = await ask("GET");
    expect(listed.body).toContainEqual(
      expect.objectContaining({
        id: made.id,
        role: "upload",
        mayOverwrite: true,
        expiresAt: null,
        lastUsedOn: null,
        name: "shop",
      }),
    );
    expect(JSON.stringify(listed.body)).not.toContain("private");
    const { body: next } = await ask("POST", `/${made.id}/rotate`, { graceHours: 1 });
    const rights = (await ask("GET")).body.map(({ id, role, name, expiresAt }: Record<string, unknown>) => [
      id,
      role,
      name,
      expiresAt === null,
    ]);
    expect(rights).toContainEqual([next.id, "upload", "shop", true]);
    expect(rights).toContainEqual([made.id, "upload", "shop", false]);
    expect(await reasonOf(ask("POST", `/${made.id}/rotate`, {}))).toEqual([409, "KEY_PAIR_ENDING"]);
    expect((await ask("DELETE", `/${next.id}`)).status).toBe(204);
    expect((await ask("DELETE", `/${made.id}`)).status).toBe(204);
    expect((await ask("GET")).body).toHaveLength(1);
    expect(await reasonOf(ask("GET", "", undefined, next.privateKey))).toEqual([403, "PRIVATE_KEY_EXPIRED"]);
  });

  test("nobody revokes the last pair that may do everything, or a pair of another account", async () => {
    const [{ id }] = (await ask("GET")).body;
    expect(await reasonOf(ask("DELETE", `/${id}`))).toEqual([409, "LAST_KEY_PAIR"]);
    expect(await reasonOf(ask("DELETE", `/${id}`, undefined, "private_stranger"))).toEqual([404, "KEY_PAIR_NOT_FOUND"]);
    const rotated = ask("POST", `/${id}/rotate`, { graceHours: 0 }, "private_stranger");
    expect(await reasonOf(rotated)).toEqual([404, "KEY_PAIR_NOT_FOUND"]);
    expect((await ask("GET")).body).toHaveLength(1);
  });

  test.each([
    [{}],
    [{ role: "admin" }],
    [{ role: ["full"] }],
    [{ role: "read", mayOverwrite: true }],
    [{ role: "upload", mayOverwrite: "true" }],
    [{ role: "read", title: "x" }],
    [{ role: "read", name: " " }],
    [{ role: "read", name: 5 }],
    [{ role: "read", name: "a\nb" }],
    [{ role: "read", name: "x".repeat(101) }],
  ])("%j makes no pair", async (body) => {
    expect(await reasonOf(ask("POST", "", body))).toEqual([400, "PARAMETER_INVALID"]);
    expect((await ask("GET")).body).toHaveLength(1);
  });

  test.each([[{ graceHours: 2 }], [{ graceHours: "1" }], [{ grace: 1 }]])("%j replaces no pair", async (body) => {
    const [{ id }] = (await ask("GET")).body;
    expect(await reasonOf(ask("POST", `/${id}/rotate`, body))).toEqual([400, "PARAMETER_INVALID"]);
  });
});
