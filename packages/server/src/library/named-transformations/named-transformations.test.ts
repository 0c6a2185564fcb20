import { canonicalText } from "@sluice/grammar";
import type { KyselyPlugin } from "kysely";
import { afterEach, beforeEach, expect, test } from "vitest";
import { findAccount } from "../../database/repositories/accounts.ts";
import { describeEngines } from "../../testing/engines.ts";
import { openOtherConnection } from "../../testing/other-connection.ts";
import { openUploadFixture, type UploadFixture } from "../../testing/upload-fixture.ts";
import { newId } from "../../text/id.ts";
import {
  changeNamedTransformation,
  createNamedTransformation,
  removeNamedTransformation,
} from "./manage-named-transformations.ts";
import { NamedTransformations } from "./named-transformations.ts";

/** A plugin that holds back the rows of a query until the test lets them through. */
function holdingBack() {
  const read = Promise.withResolvers<void>();
  const through = Promise.withResolvers<void>();
  const plugin: KyselyPlugin = {
    transformQuery: ({ node }) => node,
    async transformResult({ result }) {
      read.resolve();
      await through.promise;
      return result;
    },
  };
  return { plugin, read: read.promise, letThrough: through.resolve };
}

describeEngines((engine) => {
  let fixture: UploadFixture;
  let accountId: string;
  /** The instance of a process that makes none of the changes. */
  let named: NamedTransformations;

  beforeEach(async () => {
    fixture = await openUploadFixture(engine);
    accountId = fixture.principal.accountId;
    named = new NamedTransformations(fixture.parts.database.reader);
  });
  afterEach(() => fixture.close());

  async function create(name: string, transformation = "w-10", of = fixture.principal): Promise<string> {
    const id = newId(fixture.time);
    const input = { accountId: of.accountId, id, now: fixture.time, named: { name, transformation, enabled: true } };
    const { database } = fixture.parts;
    expect(await database.run(createNamedTransformation, input)).toMatchObject({ outcome: "done" });
    return id;
  }

  async function meaningOf(name: string, of = accountId): Promise<string | undefined> {
    const transformation = (await named.of(of, [name]))(name);
    return transformation && canonicalText(transformation);
  }

  test("a name stands for what it stands for now, whoever has changed it", async () => {
    const { database } = fixture.parts;
    expect(await meaningOf("small")).toBeUndefined();
    const id = await create("small");
    expect(await meaningOf("small")).toBe("w-10");
    await database.run(changeNamedTransformation, { accountId, id, change: { transformation: "w-20" } });
    expect(await meaningOf("small")).toBe("w-20");
    await database.run(changeNamedTransformation, { accountId, id, change: { enabled: false } });
    expect(await meaningOf("small")).toBeUndefined();
    await database.run(changeNamedTransformation, { accountId, id, change: { enabled: true, name: "tiny" } });
    expect([await meaningOf("small"), await meaningOf("tiny")]).toEqual([undefined, "w-20"]);
    await database.run(removeNamedTransformation, { accountId, id });
    expect(await meaningOf("tiny")).toBeUndefined();
  });

  test("as long as nothing changes they are read once, also by an account that lacks the name", async () => {
    const { stranger } = fixture;
    await create("small");
    for (const owner of [accountId, stranger.accountId]) {
      const first = await named.of(owner, ["small"]);
      expect(await named.of(owner, ["small", "other"])).toBe(first);
    }
    await create("small", "w-30", stranger);
    expect([await meaningOf("small"), await meaningOf("small", stranger.accountId)]).toEqual(["w-10", "w-30"]);
  });

  test("changes that no script of this version makes are seen as well", async () => {
    const id = await create("small");
    const other = openOtherConnection(fixture.config);
    try {
      expect(await meaningOf("small")).toBe("w-10");
      await other.updateTable("named_transformations").set({ transformation: "w-5" }).where("id", "=", id).execute();
      expect(await meaningOf("small")).toBe("w-5");
      await other.deleteFrom("named_transformations").where("id", "=", id).execute();
      expect(await meaningOf("small")).toBeUndefined();
      const row = {
        id,
        account_id: accountId,
        name: "small",
        transformation: "w-6",
        enabled: 1,
        created_at: 0,
      } as const;
      await other.insertInto("named_transformations").values(row).execute();
      expect(await meaningOf("small")).toBe("w-6");
    } finally {
      await other.destroy();
    }
  });

  test("whoever has read the account says which revision it has", async () => {
    await create("small");
    const revision = async () => (await findAccount(fixture.parts.database.reader, { id: accountId }))?.revision;
    const first = await named.of(accountId, ["small"], await revision());
    expect(await named.of(accountId, ["small"], await revision())).toBe(first);
    await create("large", "w-1000");
    expect((await named.of(accountId, ["large"], await revision()))("large")).toBeDefined();
  });

  test("a change holds at once, also where a look at what was before it is still under way", async () => {
    const { database } = fixture.parts;
    const id = await create("small");
    const { plugin, read, letThrough } = holdingBack();
    const { engine, announced } = database.reader;
    const held = Object.assign(database.reader.withPlugin(plugin), { engine, announced });
    const slow = new NamedTransformations(held);
    const early = slow.of(accountId, ["small"]);
    await read;
    await database.run(removeNamedTransformation, { accountId, id });
    letThrough();
    await early;
    expect((await slow.of(accountId, ["small"]))("small")).toBeUndefined();
  });
});
