import { createUploadToken } from "@sluice/token";
import Fastify, { type FastifyInstance } from "fastify";
import { afterEach, beforeEach, expect, test } from "vitest";
import { describeEngines } from "../../testing/engines.ts";
import { openUploadFixture, type UploadFixture } from "../../testing/upload-fixture.ts";
import { verifyToken } from "../../upload/form/authorise/upload-token.ts";
import { burnToken } from "../../upload/ledger/token-transactions.ts";
import { addErrorHandling } from "../plugins/errors.ts";
import { holdAgainstSchemas } from "../testing/held-against-schemas.ts";
import { diagnosisRoutes } from "./diagnosis.ts";

const pair = { publicKey: "public_demo", privateKey: "private_demo" };
type Field = { readonly name: string; readonly value: string };

describeEngines((engine) => {
  let fixture: UploadFixture;
  let app: FastifyInstance;
  let problems: () => void;
  beforeEach(async () => {
    fixture = await openUploadFixture(engine);
    app = Fastify();
    addErrorHandling(app);
    problems = holdAgainstSchemas(app);
    const services = { ...fixture.services, publicUrl: () => "http://localhost", refusals: fixture.parts.refusals };
    app.register(diagnosisRoutes(services));
    await app.ready();
  });
  afterEach(async () => {
    problems();
    await app.close();
    await fixture.close();
  });

  const mint = (fields: { fileName: string }, keys = pair) =>
    createUploadToken(fields, { ...keys, expiresIn: 60, now: Math.floor(fixture.time / 1000) });

  async function check(token: string, form?: readonly Field[], privateKey = "private_demo") {
    const answer = await app.inject({
      method: "POST",
      url: "/_sluice/token-check",
      headers: { authorization: `Basic ${btoa(`${privateKey}:`)}` },
      payload: JSON.stringify({ token, ...(form && { form }) }),
    });
    expect(answer.statusCode).toBe(200);
    const body = answer.json();
    const outcomes = body.rules.map(({ rule, outcome }: { rule: string; outcome: string }) => [rule, outcome]);
    return { ...body, outcomes: Object.fromEntries(outcomes), of: ruleOf(body) };
  }
  const ruleOf = (body: { rules: { rule: string; problems: string[] }[] }) => (name: string) =>
    body.rules.find(({ rule }) => rule === name)?.problems.join(" ") ?? "";
  const form = (fields: Record<string, string>) => Object.entries(fields).map(([name, value]) => ({ name, value }));
  const allPassed = {
    ...{ format: "passed", header: "passed", key: "passed", signature: "passed", lifetime: "passed" },
    ...{ use: "passed", form: "passed", values: "passed" },
  };

  test("a good token passes every rule, and is not used up by that", async () => {
    const fields = { fileName: "a.txt", folder: "/x" };
    const token = await mint(fields);
    for (let round = 0; round < 2; round++) {
      const report = await check(token, form(fields));
      expect(report).toMatchObject({ refusal: null, publicKey: "public_demo", outcomes: allPassed });
      expect(report.expiresAt).toBe(new Date(fixture.time - (fixture.time % 1000) + 60_000).toISOString());
    }
    expect(await fixture.parts.database.reader.selectFrom("used_tokens").selectAll().execute()).toEqual([]);
    const withoutForm = await check(token);
    expect([withoutForm.refusal, withoutForm.outcomes.form]).toEqual([null, "skipped"]);
  });

  test("each parameter that differs is shown with both values", async () => {
    const token = await mint({ ...{ fileName: "a.txt" }, ...{ folder: "/x", tags: "one" } });
    const sent = form({ fileName: "a.txt", folder: "/x/", isPrivateFile: "true" });
    const report = await check(token, [...sent, { name: "fileName", value: "b.txt" }, { name: "file", value: "@a" }]);
    expect(report.refusal).toMatchObject({ status: 400, reason: "PAYLOAD_MISMATCH" });
    expect(report.outcomes).toEqual({ ...allPassed, form: "failed" });
    expect(report.of("form")).toContain(
      'folder differs in its leading and trailing slashes alone: the token says "/x", the form "/x/".',
    );
    expect(report.parameters).toEqual([
      { name: "fileName", outcome: "repeated", inToken: "a.txt", inForm: "a.txt" },
      { name: "folder", outcome: "different", inToken: "/x", inForm: "/x/" },
      { name: "tags", outcome: "missing", inToken: "one", inForm: null },
      { name: "isPrivateFile", outcome: "extra", inToken: null, inForm: "true" },
    ]);
  });

  test("a used, an expired and a badly signed token are told apart, all that is wrong at once", async () => {
    const fields = { fileName: "a.txt" };
    const token = await mint(fields);
    const { token: verified, principal } = await verifyToken(fixture.services.accountsByKey, token, fixture.time);
    const { digest, expiresAt } = verified;
    const burnt = { accountId: principal.accountId, digest, expiresAt, attempt: null, now: fixture.time };
    await fixture.parts.database.run(burnToken, burnt);
    const used = await check(token, form(fields));
    expect([used.refusal.reason, used.outcomes]).toEqual(["TOKEN_USED", { ...allPassed, use: "failed" }]);
    expect(used.of("use")).toContain("The token has been used before.");
    fixture.time += 61_000;
    const expired = await check(token, form(fields));
    expect(expired.refusal.reason).toBe("TOKEN_EXPIRED");
    expect(expired.outcomes).toEqual({ ...allPassed, lifetime: "failed", use: "failed" });
    const forged = await check(await mint(fields, { ...pair, privateKey: "private_wrong" }), form(fields));
    expect(forged.refusal.reason).toBe("TOKEN_INVALID");
    expect(forged.outcomes).toEqual({ ...allPassed, signature: "failed", use: "skipped" });
  });

  test("values are judged as those of an upload, and what can't be read leaves the other rules out", async () => {
    const fields = { fileName: "a.txt", customMetadata: '{"none":1}' };
    const report = await check(await mint(fields), form(fields));
    expect(report.outcomes.values).toBe("failed");
    expect(report.refusal.reason).toBe("CUSTOM_METADATA_INVALID");
    const nonsense = await check("nonsense", form(fields));
    expect(nonsense.refusal.reason).toBe("TOKEN_INVALID");
    expect(nonsense.outcomes).toMatchObject({
      format: "failed",
      header: "skipped",
      form: "skipped",
      values: "skipped",
    });
    expect(nonsense.parameters).toEqual([]);
  });

  test("of another account's token nothing is told but that the pair is not one of this account", async () => {
    const fields = { fileName: "a.txt" };
    const other = { publicKey: "public_stranger", privateKey: "private_stranger" };
    const keys = [other, { ...other, privateKey: "private_wrong" }, { publicKey: "public_nobody", privateKey: "x" }];
    for (const key of keys) {
      const report = await check(await mint(fields, key), form(fields));
      expect(report.refusal.reason).toBe("ACCOUNT_NOT_AUTHENTICATED");
      expect(report.outcomes).toEqual({ ...allPassed, key: "failed", signature: "skipped", use: "skipped" });
    }
    const own = await check(await mint(fields, other), form(fields), "private_stranger");
    expect(own.refusal).toBeNull();
  });

  test("a form of very many fields takes no longer than reading it", async () => {
    const token = await mint({ fileName: "a.txt" });
    const many = Array.from({ length: 40_000 }, () => ({ name: "", value: "" }));
    const begun = performance.now();
    const report = await check(token, many);
    expect(performance.now() - begun).toBeLessThan(5000);
    expect([report.refusal.reason, report.outcomes.form]).toEqual(["PAYLOAD_MISMATCH", "failed"]);
  });

  test("a body that can't be is refused by the parameter's name", async () => {
    for (const [body, parameter] of [
      [{}, "token"],
      [{ token: 1 }, "token"],
      [{ token: "a", form: {} }, "form"],
      [{ token: "a", form: [{ name: "a" }] }, "form"],
      [{ token: "a", form: [null] }, "form"],
      [{ token: "a", others: 1 }, "others"],
    ] as const) {
      const headers = { authorization: `Basic ${btoa("private_demo:")}` };
      const answer = await app.inject({ method: "POST", url: "/_sluice/token-check", headers, payload: body });
      expect([answer.statusCode, answer.json().message]).toEqual([400, expect.stringContaining(parameter)]);
    }
  });
});
