import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { sql } from "kysely";
import sharp from "sharp";
import { describe, expect, test } from "vitest";
import { bearings } from "../database/repositories/delivery-states.ts";
import { describeDelivery } from "./testing/delivery-suite.ts";

const picture = (background: string) =>
  sharp({ create: { width: 80, height: 40, channels: 3, background } })
    .jpeg()
    .toBuffer();

/** One change for each compared column. `versions.id` changes with a new version. */
const changes: Readonly<Record<string, unknown>> = {
  "accounts.status": "disabled",
  "accounts.delivery_switches": JSON.stringify({ quality: 70 }),
  "accounts.revision": 7,
  "files.updated_at": 7000,
  "versions.is_published": 0,
  "versions.is_private_file": 1,
  "versions.purges": 1,
  "versions.custom_coordinates": "1,1,2,2",
  "versions.updated_at": 7000,
};

const inOtherProcess = `
const [, path, change, id] = process.argv;
new (require("node:sqlite").DatabaseSync)(path, { timeout: 5000 })
  .prepare("update versions set " + change + " where id = ?")
  .run(id);
`;

describeDelivery((suite) => {
  /** Sends a request twice, so that the second answer can be a remembered one. */
  async function again(target: string, headers?: Record<string, string>) {
    await suite().get(target, headers);
    return suite().get(target, headers);
  }

  describe("an answer that is remembered", () => {
    test("is what it was, for the same request alone", async () => {
      const { store, get } = suite();
      await store({ path: "/remembered/a.jpg", bytes: await picture("red"), mime: "image/jpeg" });
      const target = "/demo/remembered/a.jpg?tr=w-10";
      const first = await get(target);
      expect(await get(target)).toMatchObject({ status: 200, body: first.body, headers: { etag: first.headers.etag } });
      const webp = await again(target, { accept: "image/webp" });
      expect(webp.headers["content-type"]).toBe("image/webp");
      expect((await get(target)).headers["content-type"]).toBe("image/jpeg");
      expect((await get(target, { range: "bytes=0-3" })).status).toBe(206);
      expect((await get(target, { "if-none-match": first.headers.etag ?? "" })).status).toBe(304);
      expect((await again(`${target}&ik-attachment=true`)).headers).toHaveProperty("content-disposition");
    });

    test("is counted as a use of the cache, and what had to be made as none", async () => {
      const { store, get, events } = suite();
      await store({ path: "/remembered/counted.jpg", bytes: await picture("red"), mime: "image/jpeg" });
      events.length = 0;
      // Each is a GET and a HEAD request.
      for (const query of ["?tr=w-11", "?tr=w-11", "?tr=orig-true"]) await get(`/demo/remembered/counted.jpg${query}`);
      expect(events.sort()).toEqual(["cache hit", "cache hit", "cache hit", "cache miss"]);
    });

    test("holds no longer than what it rests on", async () => {
      const { store, library, accountId } = suite();
      const { writer } = library;
      const path = "/remembered/b.jpg";
      const target = `/demo${path}?tr=w-10`;
      const { versionId } = await store({ path, bytes: await picture("red"), mime: "image/jpeg" });
      const { headers } = await again(target);
      const version = (change: object) =>
        writer.updateTable("versions").set(change).where("id", "=", versionId).execute();
      const account = (change: object) =>
        writer.updateTable("accounts").set(change).where("id", "=", accountId).execute();
      for (const [change, back] of [
        [() => version({ is_published: 0 }), () => version({ is_published: 1 })],
        [() => version({ is_private_file: 1 }), () => version({ is_private_file: 0 })],
        [() => account({ status: "disabled" }), () => account({ status: "active" })],
      ] as const) {
        await change();
        expect((await suite().get(target)).status).toBeGreaterThanOrEqual(400);
        await back();
        expect((await again(target)).headers.etag).toBe(headers.etag);
      }
      await version({ purges: 1 });
      expect((await suite().get(target)).headers.etag).not.toBe(headers.etag);
      await version({ purges: 0, updated_at: 5000 });
      expect((await suite().get(target)).headers["last-modified"]).toBe("Thu, 01 Jan 1970 00:00:05 GMT");
      await store({ path, bytes: await picture("blue"), mime: "image/jpeg", at: 9000 });
      expect((await suite().get(target)).headers.etag).not.toBe(headers.etag);
    });

    test("holds no longer than another process lets it", async () => {
      const { store, library, get } = suite();
      const target = "/demo/remembered/d.jpg?tr=w-10";
      const stored = { path: "/remembered/d.jpg", bytes: await picture("red"), mime: "image/jpeg" };
      const { versionId } = await store(stored);
      const { rows } = await sql<{ file: string }>`pragma database_list`.execute(library.reader);
      const elsewhere = (change: string) =>
        promisify(execFile)(process.execPath, ["-e", inOtherProcess, rows[0]?.file ?? "", change, versionId]);
      const { headers } = await again(target);
      await elsewhere("purges = purges + 1");
      expect((await get(target)).headers.etag).not.toBe(headers.etag);
      await again(target);
      await elsewhere("is_published = 0");
      expect((await get(target)).status).toBe(404);
    });

    test("of one version's own URL is that version's", async () => {
      const { store } = suite();
      const path = "/remembered/c.jpg";
      await store({ path, bytes: await picture("red"), mime: "image/jpeg", objectVersion: "first" });
      await store({ path, bytes: await picture("blue"), mime: "image/jpeg", objectVersion: "second", at: 9000 });
      const target = (version: string) => `/demo${path}?ik-obj-version=${version}&tr=w-10,f-png`;
      const pixel = async (version: string) =>
        (
          await sharp((await again(target(version))).body)
            .raw()
            .toBuffer()
        )[0];
      expect([await pixel("first"), await pixel("second")]).toEqual([expect.closeTo(254, -1), expect.closeTo(0, -1)]);
    });

    test("is worked out again once any column changes that it depends on, and not for another commit", async () => {
      const { store, library, accountId, server, services } = suite();
      const path = "/remembered/e.jpg";
      const { fileId, versionId } = await store({ path, bytes: await picture("red"), mime: "image/jpeg" });
      const ids = { accounts: accountId, files: fileId, versions: versionId } as const;
      const change = (table: keyof typeof ids, column: string, value: unknown) =>
        sql`update ${sql.table(table)} set ${sql.ref(column)} = ${value} where id = ${ids[table]}`.execute(
          library.writer,
        );
      const target = `/demo${path}?tr=w-10`;
      const { namedTransformations } = services;
      /** Makes working out a URL fail, so that an answer is a remembered one or an error. */
      const isRemembered = async () => {
        services.namedTransformations = { of: () => Promise.reject(new Error("worked out")) };
        try {
          return (await server.ask(target)).status === 200;
        } finally {
          services.namedTransformations = namedTransformations;
        }
      };
      await again(target);
      for (const table of ["accounts", "files", "versions"] as const) {
        for (const [column, bearing] of Object.entries(bearings[table])) {
          const key = `${table}.${column}`;
          if (bearing !== "compared" || key === "versions.id") continue;
          expect(Object.keys(changes), "a change of each column that is compared").toContain(key);
          const { rows } = await sql<{ was: unknown }>`
            select ${sql.ref(column)} as was from ${sql.table(table)} where id = ${ids[table]}`.execute(library.reader);
          await change("versions", "description", key);
          expect([key, await isRemembered()]).toEqual([key, true]);
          await change(table, column, changes[key]);
          expect([key, await isRemembered()]).toEqual([key, false]);
          await change(table, column, rows[0]?.was);
          expect([key, await isRemembered()]).toEqual([key, true]);
        }
      }
      await store({ path, bytes: await picture("blue"), mime: "image/jpeg" });
      expect(await isRemembered()).toBe(false);
    });

    test("depends on columns of a list that has every column", async () => {
      const { reader } = suite().library;
      for (const [table, columns] of Object.entries(bearings)) {
        const { rows } = await sql<{ name: string }>`select name from pragma_table_info(${table})`.execute(reader);
        expect(rows.map(({ name }) => name).sort()).toEqual(Object.keys(columns).sort());
      }
    });
  });
});
