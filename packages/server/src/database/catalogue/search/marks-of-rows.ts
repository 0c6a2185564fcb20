import { sql } from "kysely";
import type { Connection } from "../../database.ts";
import { unnamed } from "../../unnamed.ts";
import { allOf, type Sql } from "./conditions-sql.ts";
import type { Folder, Marks, MarksOrder } from "./marks-order.ts";
import { nextTurn } from "./turns.ts";

/** Files that one statement reads. */
const filesAtOnce = 5000;
/** From a folder with more files than this, an even part of the keys is kept. */
const maxKeysKept = 20_000;

type Key = string | number;

/**
 * Finds marks in an order that no index of folders has. It reads the sort keys of a folder's files in steps, sorts them,
 * and picks evenly spaced ones. Of a very large folder it keeps an even part of the keys.
 */
export async function marksOfRows(
  reader: Connection,
  folder: Folder,
  { column, direction, count }: MarksOrder,
  signal: AbortSignal,
): Promise<Marks> {
  let keys: Key[] = [];
  let [total, stride] = [0, 1];
  let after: { readonly created_at: number; readonly id: string } | undefined;
  const ref = sql.ref(`c.${column}`);
  for (;;) {
    signal.throwIfAborted();
    const conditions: Sql[] = [
      sql`c.folder_id = (select id from folders where account_id = ${folder.accountId} and path = ${folder.path})`,
      sql`c.scope = 0`,
      ...(after === undefined ? [] : [sql`(c.created_at, c.id) > (${after.created_at}, ${after.id})`]),
    ];
    const { rows } = await sql<{ key: Key | null; kind: number; created_at: number; id: string }>`
      ${unnamed} select ${ref} as key, c.kind, c.created_at, c.id from catalogue as c where ${allOf(conditions)}
      order by c.created_at, c.id limit ${filesAtOnce}
    `.execute(reader);
    for (const { key, kind } of rows) {
      if (kind !== 0 || key === null) continue;
      if (total % stride === 0) keys.push(key);
      total += 1;
    }
    while (keys.length > maxKeysKept) {
      keys = keys.filter((_, index) => index % 2 === 0);
      stride *= 2;
    }
    after = rows.at(-1);
    if (after === undefined || rows.length < filesAtOnce) break;
    await nextTurn();
  }
  keys.sort(comparison(keys));
  if (direction === "desc") keys.reverse();
  const step = Math.max(1, keys.length / count);
  const picked = Array.from(
    { length: Math.min(count, keys.length) },
    (_, index) => keys[Math.floor(index * step)] as Key,
  );
  return { total, keys: picked };
}

/** Compares keys as the databases do: texts by their code points. */
function comparison(keys: readonly Key[]): (one: Key, other: Key) => number {
  const isWide = keys.some((key) => typeof key === "string" && /[\ud800-\uffff]/.test(key));
  if (isWide) return (one, other) => Buffer.compare(Buffer.from(String(one)), Buffer.from(String(other)));
  return (one, other) => (one < other ? -1 : one > other ? 1 : 0);
}
