import { type KyselyPlugin, type QueryId, type RootOperationNode, sql, type Transaction } from "kysely";
import { afterEach, beforeEach, expect, test } from "vitest";
import { removeFileTransaction } from "../../library/files/edit-files.ts";
import { describeEngines, postgresEngine } from "../../testing/engines.ts";
import { openOtherConnection } from "../../testing/other-connection.ts";
import { openUploadFixture, type UploadFixture } from "../../testing/upload-fixture.ts";
import type { Connection } from "../connection.ts";
import type { Schema } from "../schema.ts";
import { deleteUnreferencedBlobs, findBlobPosition } from "./blobs.ts";

describeEngines((engine) => {
  const rowLocks = engine === postgresEngine;
  let fixture: UploadFixture;
  beforeEach(async () => {
    fixture = await openUploadFixture(engine);
  });
  afterEach(() => fixture.close());

  /** Works in a transaction that is undone. */
  async function inTransaction(work: (transaction: Transaction<Schema>) => Promise<void>): Promise<void> {
    const other = openOtherConnection(fixture.config);
    const transaction = await other.startTransaction().execute();
    try {
      await work(transaction);
    } finally {
      await transaction.rollback().execute();
      await other.destroy();
    }
  }

  /** The same query, which takes a step before it is executed. */
  function afterStep<Query extends object>(query: Query, step: () => Promise<unknown>): Query {
    return new Proxy(query, {
      get: (target, name) => {
        const call = Reflect.get(target, name) as (...given: unknown[]) => object;
        if (name === "execute") return () => step().then(() => call.call(target));
        return (...given: unknown[]) => afterStep(call.apply(target, given), step);
      },
    });
  }

  test.each(["refers to", "touches"])("a blob is kept that an upload %s after it was found", async (what) => {
    const kept = await fixture.upload("kept", { fileName: "kept.txt" });
    const gone = await fixture.upload("gone", { fileName: "gone.txt" });
    await fixture.upload("gone too", { fileName: "gone.txt" });
    const { accountId } = fixture.principal;
    const row = { accountId, fileId: gone.file_id, trashMs: null, events: undefined, now: fixture.time };
    await fixture.parts.database.run(removeFileTransaction, row);
    await inTransaction(async (transaction) => {
      const adopt =
        what === "touches"
          ? transaction.updateTable("blobs").set({ touched_at: fixture.time }).where("id", "=", gone.blob_id)
          : transaction.updateTable("versions").set({ blob_id: gone.blob_id }).where("id", "=", kept.id);
      // On PostgreSQL the second statement alone sees what is committed before the first one has its locks.
      const connection = {
        engine: { rowLocks },
        selectFrom: (table: "blobs") => transaction.selectFrom(table),
        deleteFrom: (table: "blobs") => afterStep(transaction.deleteFrom(table), () => adopt.execute()),
      } as unknown as Connection;
      const asked = what === "touches" ? { untouchedSince: fixture.time } : {};
      await transaction.updateTable("blobs").set({ touched_at: 0 }).execute();
      const { deleted } = await deleteUnreferencedBlobs(connection, { accountId, limit: 10, ...asked });
      expect(deleted.map(({ size }) => Number(size))).toEqual(["gone too".length]);
    });
  });

  test.each([
    ["all accounts", false],
    ["one account", true],
  ])("the next blobs of %s are found by the index, from the place on", async (_, isOne) => {
    const { accountId } = fixture.principal;
    const after = { accountId, sha256: Buffer.alloc(32, 1) };
    const range = { after, ...(isOne && { accountId }) };
    await inTransaction(async (transaction) => {
      const asked: [RootOperationNode, QueryId][] = [];
      const noting: KyselyPlugin = {
        transformQuery({ node, queryId }) {
          asked.push([node, queryId]);
          return node;
        },
        transformResult: async ({ result }) => result,
      };
      const connection = Object.assign(transaction.withPlugin(noting), {
        engine: { rowLocks },
      }) as unknown as Connection;
      await findBlobPosition(connection, range, 100);
      const last = { accountId, sha256: Buffer.alloc(32, 2) };
      await deleteUnreferencedBlobs(connection, { ...range, last, limit: 100 });
      expect(asked).toHaveLength(2);
      // An index is worth nothing in tables of a few rows.
      if (rowLocks) await sql`set local enable_seqscan = off`.execute(transaction);
      for (const [node, queryId] of asked) {
        const query = transaction.getExecutor().compileQuery(node, queryId);
        const explain = rowLocks ? "explain" : "explain query plan";
        const { rows } = await transaction.executeQuery({ ...query, sql: `${explain} ${query.sql}` });
        const plan = JSON.stringify(rows);
        expect(plan).toMatch(rowLocks ? /Index Cond: \(.*sha256.* > / : /SEARCH blobs USING .*INDEX .*sha256\)?>/);
        expect(plan).not.toMatch(/SCAN (blobs|versions|trashed_versions)|Seq Scan/);
      }
    });
  });
});
