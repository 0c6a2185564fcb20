import { join } from "node:path";
import {
  type AccountTable,
  type AccountTableName,
  accountTableNames,
  accountTables,
} from "../../database/account-tables.ts";
import { type AccountRowValues, pageOfAccountRows } from "../../database/repositories/account-rows.ts";
import type { ExportDeps } from "../deps.ts";
import type { ExportFolder } from "./export-folder.ts";
import type { Manifest } from "./manifest.ts";
import { HashedFile } from "./manifest.ts";

const pageSize = 500;

export interface ExportedRows {
  readonly tables: number;
  readonly rows: number;
}

/** Writes the account's rows into one file for each table that has some. Each line is a row, without its secrets. */
export async function exportRows(
  { database }: Pick<ExportDeps, "database">,
  accountId: string,
  { folder, manifest }: { readonly folder: ExportFolder; readonly manifest: Manifest },
  signal: AbortSignal,
): Promise<ExportedRows> {
  let [tables, rows] = [0, 0];
  for (const table of accountTableNames) {
    const { secrets: leftOut, notExported }: AccountTable = accountTables[table];
    if (notExported !== undefined) continue;
    const pages = pagesOf({ database }, accountId, table, signal);
    const first = await pages.next();
    if (first.done) continue;
    const path = `rows/${table}.jsonl`;
    await folder.makeParent(path);
    const { count, ...written } = await writeTable(join(folder.path, path), table, first.value, pages);
    await manifest.add({ path, table, rows: count, ...(leftOut && { leftOut }), ...written });
    tables += 1;
    rows += count;
  }
  return { tables, rows };
}

async function writeTable(
  path: string,
  table: AccountTableName,
  first: readonly AccountRowValues[],
  others: AsyncIterable<readonly AccountRowValues[]>,
) {
  const file = await HashedFile.create(path);
  try {
    let count = 0;
    const write = async (rows: readonly AccountRowValues[]): Promise<void> => {
      const lines = rows.map((row) => `${JSON.stringify(withoutSecrets(table, row), asJson)}\n`);
      await file.write(Buffer.from(lines.join("")));
      count += rows.length;
    };
    await write(first);
    for await (const rows of others) await write(rows);
    return { count, ...(await file.finish()) };
  } finally {
    await file.close();
  }
}

/** Pages of the account's rows. No page is empty. */
async function* pagesOf(
  { database }: Pick<ExportDeps, "database">,
  accountId: string,
  table: AccountTableName,
  signal: AbortSignal,
): AsyncGenerator<readonly AccountRowValues[], void> {
  for (let after: AccountRowValues | undefined; ; ) {
    signal.throwIfAborted();
    const rows = await pageOfAccountRows(database.reader, table, accountId, { after, limit: pageSize });
    if (rows.length > 0) yield rows;
    if (rows.length < pageSize) return;
    after = rows.at(-1);
  }
}

function withoutSecrets(table: AccountTableName, row: AccountRowValues): AccountRowValues {
  const { secrets = [] }: AccountTable = accountTables[table];
  return Object.fromEntries(Object.entries(row).filter(([column]) => !secrets.includes(column)));
}

/** JSON has no bytes, so they are written in hexadecimal. */
function asJson(_name: string, value: unknown): unknown {
  return value instanceof Uint8Array ? Buffer.from(value).toString("hex") : value;
}
