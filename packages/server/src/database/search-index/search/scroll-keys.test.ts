import type { KyselyPlugin } from "kysely";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Viewer, viewerOfServer } from "../../../access/viewer.ts";
import { createFilesApp, type FilesApp, text } from "../../../http/routes/files/testing/files-app.ts";
import { describeEngines } from "../../../testing/engines.ts";
import { bounds } from "./bounds.ts";
import type { ScrollKeyOrder } from "./folder-index.ts";
import { scrollKeysOf } from "./scroll-keys.ts";

const usual = { ...bounds };

describeEngines((engine) => {
  let app: FilesApp;
  let viewer: Viewer;
  beforeAll(async () => {
    Object.assign(bounds, { stageEntries: 3, leastEntries: 3, idsAtOnce: 2 });
    app = await createFilesApp(engine, {}, false);
    for (const [index, letter] of [..."fbdhacgekj"].entries()) {
      const size = 190 - 10 * index;
      await app.upload({ fields: { fileName: `${letter}.txt`, folder: "/x" }, media: text, size });
      await app.upload({ fields: { fileName: "in.txt", folder: `/x/${letter}-folder` }, media: text });
    }
    await app.upload({ fields: { fileName: "c.txt", folder: "/y" }, media: text });
    await app.upload({ account: "other", fields: { fileName: "c.txt", folder: "/x" }, media: text });
    await app.settle();
    const account = app.database.reader.selectFrom("accounts").select("id").where("imagekit_id", "=", "demo");
    viewer = viewerOfServer((await account.executeTakeFirstOrThrow()).id);
  });
  afterAll(async () => {
    Object.assign(bounds, usual);
    await app?.close();
  });

  const marks = (order: ScrollKeyOrder, path = "/x") =>
    scrollKeysOf(app.database.reader, { viewer, path }, order, AbortSignal.timeout(10_000));
  const listed = async (sort: string, member: "name" | "createdAt") => {
    const { body } = await app.request("GET", `/v1/files?path=x&type=file&sort=${sort}`);
    return JSON.parse(body).map((file: { readonly name: string; readonly createdAt: string }) =>
      member === "name" ? file.name : Date.parse(file.createdAt),
    );
  };

  test.each(["none", "half"])(
    "marks are the very files at their places, while %s of the files wait",
    async (waiting) => {
      // On PostgreSQL no file waits.
      if (waiting === "half" && app.database.reader.engine.settlesLater) await app.unsettle();
      for (const direction of ["asc", "desc"] as const) {
        for (const [column, key, member] of [
          ["name", "NAME", "name"],
          ["created_at", "CREATED", "createdAt"],
        ] as const) {
          const all = await listed(`${direction.toUpperCase()}_${key}`, member);
          for (const count of [1, 3, 10, 200]) {
            const found = await marks({ column, direction, count });
            const size = Math.min(count, all.length);
            const wanted = Array.from({ length: size }, (_, mark) => all[Math.floor((mark * all.length) / size)]);
            expect(found, `${column} ${direction} ${count}`).toEqual({ files: 10, total: 10, keys: wanted });
          }
        }
      }
    },
  );

  test.each([0, 1, 2, 3, 5, 8])("files that are settled after statement %i are counted once", async (statement) => {
    if (!app.database.reader.engine.settlesLater) return;
    await app.unsettle();
    let statements = 0;
    const plugin: KyselyPlugin = {
      transformQuery: ({ node }) => node,
      transformResult: async ({ result }) => {
        if (statements++ === statement) await app.settle();
        return result;
      },
    };
    const reader = Object.create(app.database.reader, {
      getExecutor: { value: () => app.database.reader.withPlugin(plugin).getExecutor() },
    });
    const order = { column: "name", direction: "asc", count: 10 } as const;
    const keys = [..."abcdefghjk"].map((letter) => `${letter}.txt`);
    const found = await scrollKeysOf(reader, { viewer, path: "/x" }, order, AbortSignal.timeout(10_000));
    expect(found).toEqual({ files: 10, total: 10, keys });
    expect(statements).toBeGreaterThan(statement);
  });

  test("marks by size, as any that no index of folders has, are those of an even part of a large folder's files", async () => {
    const order = { column: "size", direction: "asc", count: 200 } as const;
    const sizes = Array.from({ length: 10 }, (_, index) => 100 + 10 * index);
    expect(await marks(order)).toEqual({ files: 10, total: 10, keys: sizes });
    expect((await marks({ ...order, direction: "desc" })).keys).toEqual(sizes.toReversed());
    bounds.mostSampledFiles = 5;
    const { files, keys } = await marks(order);
    bounds.mostSampledFiles = usual.mostSampledFiles;
    expect(files).toBe(10);
    expect(keys.length).toBeLessThanOrEqual(5);
    expect(sizes.filter((size) => keys.includes(size))).toEqual(keys);
  });

  test("files without a width are counted, and have no mark", async () => {
    const order = { column: "width", direction: "asc", count: 200 } as const;
    expect(await marks(order)).toEqual({ files: 10, total: 0, keys: [] });
  });

  test("a folder that isn't there has none", async () => {
    const none = { files: 0, total: 0, keys: [] };
    expect(await marks({ column: "name", direction: "asc", count: 200 }, "/nowhere")).toEqual(none);
    expect(await marks({ column: "created_at", direction: "asc", count: 200 }, "/nowhere")).toEqual(none);
    expect(await marks({ column: "height", direction: "asc", count: 200 }, "/nowhere")).toEqual(none);
  });
});
