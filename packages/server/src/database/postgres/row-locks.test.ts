import { afterEach, beforeEach, expect, test } from "vitest";
import { type Connection, type Database, Rollback } from "../database.ts";
import { adoptBlob, type BlobRow, deleteUnreferencedBlobs } from "../repositories/blobs.ts";
import { claimFileName, type FileRow } from "../repositories/files.ts";
import * as conformance from "../testing/conformance-transactions.ts";
import {
  createMigratedDatabase,
  describePostgres,
  poolLimits,
  type TestDatabase,
} from "../testing/postgres-database.ts";
import { openPostgresDatabase } from "./postgres-database.ts";

/** Holds a transaction open after its first step until the test lets it continue. */
class Gate {
  readonly #reached = Promise.withResolvers<void>();
  readonly #opened = Promise.withResolvers<void>();

  async pass(): Promise<void> {
    this.#reached.resolve();
    await this.#opened.promise;
  }

  /** Resolves when the transaction has reached the gate. */
  get reached(): Promise<void> {
    return this.#reached.promise;
  }

  open(): void {
    this.#opened.resolve();
  }
}

let gate: Gate;
const untouchedSince = 1000;
const now = 2000;
const target = { id: "blob", storageKey: "key" };

async function sweepKeys(connection: Connection): Promise<string[]> {
  const { deleted } = await deleteUnreferencedBlobs(connection, { untouchedSince, limit: 10 });
  return deleted.map(({ storage_key: key }) => key);
}

const transactions = {
  ...conformance,
  adopt: (connection: Connection): Promise<boolean> => adoptBlob(connection, target, { now }),
  sweep: (connection: Connection): Promise<string[]> => sweepKeys(connection),
  claim: (connection: Connection, row: FileRow): Promise<string | undefined> =>
    claimFileName(connection, row).then((file) => file?.id),
  async adoptSlowly(connection: Connection, input: { undo: boolean }): Promise<boolean> {
    const adopted = await adoptBlob(connection, target, { now });
    await gate.pass();
    if (input.undo) throw new Rollback(false);
    return adopted;
  },
  async sweepSlowly(connection: Connection): Promise<string[]> {
    const keys = await sweepKeys(connection);
    await gate.pass();
    return keys;
  },
  async claimSlowly(connection: Connection, input: { row: FileRow; undo: boolean }): Promise<string | undefined> {
    const file = await claimFileName(connection, input.row);
    await gate.pass();
    if (input.undo) throw new Rollback("undone");
    return file?.id;
  },
};

describePostgres("row locks on PostgreSQL", () => {
  let at: TestDatabase;
  let database: Database;
  beforeEach(async () => {
    gate = new Gate();
    at = await createMigratedDatabase();
    database = await openPostgresDatabase(at.url, poolLimits);
    await database.run(transactions.addAccount, { id: "a" });
    const blob: BlobRow = {
      id: target.id,
      account_id: "a",
      storage_key: target.storageKey,
      sha256: new Uint8Array(32),
      size: 1,
      created_at: 0,
      touched_at: 0,
    };
    await database.run(transactions.addBlob, blob);
  });
  afterEach(async () => {
    await database.close();
    await at.drop();
  });

  test.each([
    ["committed", false, []],
    ["undone", true, ["key"]],
  ])(
    "a sweep neither takes nor waits for a blob that is being adopted; when that is %s it is as it should be",
    async (_, undo, left) => {
      const adopting = database.run(transactions.adoptSlowly, { undo });
      await gate.reached;
      expect(await database.run(transactions.sweep, undefined)).toEqual([]);
      gate.open();
      expect(await adopting).toBe(!undo);
      expect(await database.run(transactions.sweep, undefined)).toEqual(left);
    },
  );

  test("what a sweep has taken nobody adopts, however close they come", async () => {
    const sweeping = database.run(transactions.sweepSlowly, undefined);
    await gate.reached;
    const adopting = database.run(transactions.adopt, undefined);
    gate.open();
    expect([await sweeping, await adopting]).toEqual([["key"], false]);
  });

  test("two sweeps at once take each blob once", async () => {
    const first = database.run(transactions.sweepSlowly, undefined);
    await gate.reached;
    expect(await database.run(transactions.sweep, undefined)).toEqual([]);
    gate.open();
    expect(await first).toEqual(["key"]);
  });

  test.each([
    ["committed", false, "first"],
    ["undone", true, undefined],
  ])(
    "a name that another transaction is about to take is waited for; when that is %s, the file is the one there is",
    async (_, undo, expected) => {
      const folder_id = await database.run(transactions.makeFolder, { accountId: "a", path: "/" });
      const row = (id: string): FileRow => ({
        id,
        account_id: "a",
        folder_id,
        name: "name",
        current_version_id: id,
        last_version_number: 1,
        created_at: 0,
        updated_at: 0,
      });
      const first = database.run(transactions.claimSlowly, { row: row("first"), undo });
      await gate.reached;
      const second = database.run(transactions.claim, row("second"));
      gate.open();
      await first;
      expect(await second).toBe(expected);
      const files = await database.reader.selectFrom("files").select("id").execute();
      expect(files).toEqual([{ id: undo ? "second" : "first" }]);
    },
  );
});
