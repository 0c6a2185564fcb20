import Fastify, { type FastifyInstance } from "fastify";
import { afterAll, beforeAll, expect, test } from "vitest";
import { defaultSwitches, newAccountSwitches } from "../../accounts/delivery-switches.ts";
import { findAccount } from "../../database/repositories/accounts.ts";
import { describeEngines } from "../../testing/engines.ts";
import { openUploadFixture, type UploadFixture } from "../../testing/upload-fixture.ts";
import { addErrorHandling } from "../plugins/errors.ts";
import { holdAgainstSchemas } from "../testing/held-against-schemas.ts";
import { deliverySwitchesRoutes } from "./delivery-switches.ts";

describeEngines((engine) => {
  let fixture: UploadFixture;
  let app: FastifyInstance;
  let agree: () => void;
  beforeAll(async () => {
    fixture = await openUploadFixture(engine);
    app = Fastify();
    addErrorHandling(app);
    agree = holdAgainstSchemas(app);
    app.register(deliverySwitchesRoutes(fixture.services));
  });
  afterAll(async () => {
    await app.close();
    await fixture.close();
  });

  async function ask(payload?: object, account = "demo") {
    const { statusCode, body } = await app.inject({
      method: payload === undefined ? "GET" : "PATCH",
      url: "/_sluice/delivery-switches",
      headers: { authorization: `Basic ${btoa(`private_${account}:`)}` },
      ...(payload && { payload }),
    });
    agree();
    return { status: statusCode, body: JSON.parse(body) };
  }
  const stored = async () =>
    (await findAccount(fixture.parts.database.reader, { id: fixture.principal.accountId }))?.delivery_switches;

  test("switches are changed and go back to their defaults, each by itself, of the own account alone", async () => {
    expect(await ask()).toEqual({ status: 200, body: { switches: defaultSwitches, defaults: defaultSwitches } });
    const changes = {
      quality: 70,
      avif: true,
      restrictUnsignedImages: "all",
      referrers: ["*.example.com", "not:bad.example.com"],
      userAgents: ["not:Bot, Inc."],
    };
    const changed = { ...defaultSwitches, ...changes, userAgents: ["not:bot, inc."] };
    expect((await ask(changes)).body.switches).toEqual(changed);
    expect((await ask({ avif: null, referrers: [] })).body.switches).toEqual({
      ...changed,
      avif: false,
      referrers: [],
    });
    expect(JSON.parse((await stored()) ?? "")).not.toHaveProperty("avif");
    expect((await ask({})).body.switches.quality).toBe(70);
    expect((await ask(undefined, "stranger")).body.switches).toEqual(defaultSwitches);
    await ask({ quality: null, restrictUnsignedImages: null, referrers: null, userAgents: null });
    expect(await stored()).toBe(newAccountSwitches);
    expect((await ask({ privateThumbnails: "unsigned" })).body.switches.privateThumbnails).toBe("unsigned");
    expect((await ask({ privateThumbnails: null })).body.switches).toEqual(defaultSwitches);
  });

  test("a value that is none is refused with its name, and nothing of the request takes effect", async () => {
    for (const [name, value, accepted] of [
      ["quality", 0, "1 to 100"],
      ["quality", "80", "1 to 100"],
      ["quality", 1.5, "1 to 100"],
      ["avif", "on", "true, false"],
      ["plainImages", "none", "optimised, original"],
      ["restrictUnsignedImages", true, "off, except_named, all"],
      ["referrers", "example.com", "an array"],
      ["referrers", ["any"], "an array"],
      ["clientAddresses", ["1.2.3"], "an array"],
      ["clientAddresses", [["1.2.3.4"]], "an array"],
      ["countries", Array.from({ length: 251 }, () => "CH"), "up to 250"],
      ["v1Uploads", true, "There is no such parameter"],
      ["__proto__", 1, "There is no such parameter"],
      ["constructor", 1, "There is no such parameter"],
    ] as const) {
      const { status, body } = await ask(JSON.parse(`{"dataSaver":true,"${name}":${JSON.stringify(value)}}`));
      expect([status, body.reason], name).toEqual([400, "PARAMETER_INVALID"]);
      expect(body.message, name).toContain(name);
      expect(body.help, name).toContain(accepted);
    }
    expect((await ask()).body.switches.dataSaver).toBe(false);
  });
});
