import { parseTransformation } from "@sluice/grammar";
import { afterAll, beforeAll, expect, test } from "vitest";
import { NamedTransformations } from "../../library/named-transformations/named-transformations.ts";
import { describeEngines } from "../../testing/engines.ts";
import { createFilesApp, type FilesApp, refusal } from "./files/testing/files-app.ts";

const path = "/v1/named-transformations";

describeEngines((engine) => {
  let app: FilesApp;
  let count = 0;

  beforeAll(async () => {
    app = await createFilesApp(engine);
  });

  afterAll(() => app.close());

  const create = (payload: object, account: "demo" | "other" = "demo") =>
    app.request("POST", path, { payload, account });
  const change = (id: string, payload: object) => app.request("PATCH", `${path}/${id}`, { payload });
  const list = async (account: "demo" | "other" = "demo") => (await app.request("GET", path, { account })).json();

  async function created(named: object = {}) {
    count += 1;
    const response = await create({ name: `n${count}`, transformation: "w-10", ...named });
    expect(response.statusCode, response.body).toBe(201);
    return response.json();
  }

  test("one is made as it was described, got, listed, changed and deleted", async () => {
    const named = await created({ transformation: "tr:w-150,h-150:rt-90", enabled: false });
    expect(named).toEqual({
      id: expect.stringMatching(/^[A-Za-z0-9]{12}$/),
      name: `n${count}`,
      transformation: "w-150,h-150:rt-90",
      enabled: false,
      createdAt: expect.stringMatching(/^2026-01-01T.*Z$/),
    });
    expect((await app.request("GET", `${path}/${named.id}`)).json()).toEqual(named);
    expect(await list()).toContainEqual(named);
    expect((await change(named.id, {})).json()).toEqual(named);
    const changed = (await change(named.id, { name: "Other_9", enabled: true })).json();
    expect(changed).toEqual({ ...named, name: "Other_9", enabled: true });
    expect((await change(named.id, { transformation: "h-9" })).json()).toEqual({ ...changed, transformation: "h-9" });
    const removed = await app.request("DELETE", `${path}/${named.id}`);
    expect([removed.statusCode, removed.body]).toEqual([204, ""]);
    expect((await list()).map(({ id }: { id: string }) => id)).not.toContain(named.id);
  });

  test("the built-in ones are listed first and stay as they are", async () => {
    const [first, second] = await list();
    expect(first).toMatchObject({
      name: "ik_ml_thumbnail",
      transformation: "w-400,h-400,c-at_max,q-70",
      enabled: true,
    });
    expect(second).toMatchObject({ name: "media_library_thumbnail" });
    expect((await app.request("GET", `${path}/${first.id}`)).json()).toEqual(first);
    const builtIn = [400, "The named transformation ik_ml_thumbnail is built in.", "NAMED_TRANSFORMATION_BUILT_IN"];
    expect(refusal(await change(first.id, { enabled: false }))).toEqual(builtIn);
    expect(refusal(await app.request("DELETE", `${path}/${first.id}`))).toEqual(builtIn);
    const taken = await create({ name: "media_library_thumbnail", transformation: "w-1" });
    expect(refusal(taken)[2]).toBe("NAMED_TRANSFORMATION_NAME_TAKEN");
  });

  test("names are unique in their account, and letters have a case", async () => {
    const taken = [400, "A named transformation with this name already exists.", "NAMED_TRANSFORMATION_NAME_TAKEN"];
    const { id } = await created({ name: "mine" });
    expect(refusal(await create({ name: "mine", transformation: "w-1" }))).toEqual(taken);
    expect((await create({ name: "mine", transformation: "w-1" }, "other")).statusCode).toBe(201);
    expect((await create({ name: "Mine", transformation: "w-1" })).statusCode).toBe(201);
    expect(refusal(await change(id, { name: "Mine" }))).toEqual(taken);
    expect(refusal(await change(id, { name: "ik_ml_thumbnail" }))).toEqual(taken);
    expect((await change(id, { name: "mine" })).statusCode).toBe(200);
  });

  test("of many with one name made at once there is one", async () => {
    const attempts = Array.from({ length: 8 }, () => create({ name: "at_once", transformation: "w-1" }));
    const statuses = (await Promise.all(attempts)).map(({ statusCode }) => statusCode).sort();
    expect(statuses).toEqual([201, ...Array(7).fill(400)]);
  });

  test.each([
    [{ transformation: "w-1" }, "name"],
    [{ name: "", transformation: "w-1" }, "name"],
    [{ name: "a-b", transformation: "w-1" }, "name"],
    [{ name: "ä", transformation: "w-1" }, "name"],
    [{ name: 7, transformation: "w-1" }, "name"],
    [{ name: "x".repeat(101), transformation: "w-1" }, "name"],
    [{ name: "a" }, "transformation"],
    [{ name: "a", transformation: "" }, "transformation"],
    [{ name: "a", transformation: "tr:" }, "transformation"],
    [{ name: "a", transformation: "w-abc" }, "transformation"],
    [{ name: "a", transformation: ["w-1"] }, "transformation"],
    [{ name: "a", transformation: `w-${"1".repeat(9000)}` }, "transformation"],
    [{ name: "a", transformation: "w-1", enabled: "true" }, "enabled"],
    [{ name: "a", transformation: "w-1", enabled: null }, "enabled"],
    [{ name: "a", transformation: "w-1", colour: "red" }, "colour"],
    [{ name: "a", transformation: "w-1", toString: "red" }, "toString"],
  ])("%j is refused for its %s", async (payload, parameter) => {
    const message = `Your request contains invalid ${parameter} parameter.`;
    expect(refusal(await create(payload))).toEqual([400, message, "PARAMETER_INVALID"]);
  });

  test("what is not there is not found, nor is another account's", async () => {
    const missing = [404, "The requested named transformation does not exist.", "NAMED_TRANSFORMATION_NOT_FOUND"];
    const { id: foreign } = (await create({ name: "theirs", transformation: "w-1" }, "other")).json();
    for (const id of ["6bZ9x2ZUx", foreign]) {
      expect(refusal(await app.request("GET", `${path}/${id}`))).toEqual(missing);
      expect(refusal(await change(id, { enabled: true }))).toEqual(missing);
      expect(refusal(await app.request("DELETE", `${path}/${id}`))).toEqual(missing);
    }
    expect(refusal(await app.request("GET", `${path}/a.b`))[2]).toBe("PARAMETER_INVALID");
    expect((await app.request("GET", path, { headers: { authorization: "" } })).statusCode).toBe(401);
  });

  test("an account has 250 of its own at most", async () => {
    const made = (await list("other")).length - 2;
    const names = Array.from({ length: 250 - made }, (_, index) => `many${index}`);
    for (const name of names) await create({ name, transformation: "w-1" }, "other");
    expect(refusal(await create({ name: "one_more", transformation: "w-1" }, "other"))).toEqual([
      400,
      "An account can have a maximum of 250 named transformations.",
      "TOO_MANY_NAMED_TRANSFORMATIONS",
    ]);
  });

  test("what URLs are read with is parsed once while it stays the same, and not looked up at all for what is built in", async () => {
    const { reader } = app.database;
    const [{ id: accountId } = { id: "" }] = await reader
      .selectFrom("accounts")
      .selectAll()
      .where("imagekit_id", "=", "demo")
      .execute();
    const off = await created({ name: "off", enabled: false });
    await created({ name: "on", transformation: "w-7" });
    const named = new NamedTransformations(reader);
    const find = await named.of(accountId, ["on", "ik_ml_thumbnail"]);
    expect(find("on")).toEqual(parseTransformation("w-7"));
    expect(find("on")).toBe(find("on"));
    expect(find("ik_ml_thumbnail")).toBeDefined();
    for (const name of ["off", "ON", "unknown", "toString"]) expect(find(name)).toBeUndefined();
    expect(await named.of(accountId, ["off"])).toBe(find);
    expect(await named.of(accountId, [])).not.toBe(find);
    await change(off.id, { enabled: true });
    expect((await named.of(accountId, ["off"]))("off")).toBeDefined();
  });
});
