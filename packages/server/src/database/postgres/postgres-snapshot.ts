import type { RawBuilder } from "kysely";
import pg from "pg";
import { Connection } from "../connection.ts";
import { DatabaseError } from "../database.ts";
import type { RowBatch, Snapshot } from "../dump/snapshot.ts";
import { lastMigration } from "../dump/snapshot.ts";
import { type PoolLimits, restingConfig } from "./pool.ts";
import { PoolSockets } from "./pool-sockets.ts";
import { postgresDialect, postgresEngine } from "./postgres-dialect.ts";

const batchRows = 500;
const closeMs = 3000;

/** Opens a snapshot in a transaction of its own, which changes and locks nothing. */
export async function openPostgresSnapshot(url: string, limits: PoolLimits): Promise<Snapshot> {
  const sockets = new PoolSockets();
  const client = new pg.Client({ ...restingConfig(url, limits), stream: sockets.create });
  client.on("error", () => undefined);
  const close = (): Promise<void> => sockets.endWithin(closeMs, () => client.end());
  try {
    await client.connect();
    await client.query("begin isolation level repeatable read read only");
    const connection = new Connection(
      postgresEngine(),
      postgresDialect(async ({ sql, parameters }) => {
        const { rows } = await client.query(sql, [...parameters]);
        return { rows: rows as never[] };
      }),
    );
    const migration = await lastMigration(connection);
    return { migration, connection, read: (query) => read(client, query.compile(connection)), close };
  } catch (error) {
    await close();
    throw new DatabaseError("The database can't be read.", { cause: error });
  }
}

async function* read(
  client: pg.Client,
  { sql, parameters }: ReturnType<RawBuilder<unknown>["compile"]>,
): AsyncGenerator<RowBatch> {
  try {
    await client.query(`declare backup no scroll cursor for ${sql}`, [...parameters]);
    try {
      for (let count = batchRows; count === batchRows; ) {
        const { fields, rows } = await client.query({ text: `fetch ${batchRows} from backup`, rowMode: "array" });
        count = rows.length;
        yield { columns: fields.map(({ name }) => name), rows };
      }
    } finally {
      // After a failure this fails as well. Its error would hide the cause.
      await client.query("close backup").catch(() => undefined);
    }
  } catch (error) {
    throw error instanceof DatabaseError ? error : new DatabaseError("The database can't be read.", { cause: error });
  }
}
