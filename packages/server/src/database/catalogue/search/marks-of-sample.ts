import { sql } from "kysely";
import type { Connection } from "../../database.ts";
import { unnamed } from "../../unnamed.ts";
import { kinds } from "../row.ts";
import { bounds } from "./bounds.ts";
import { allOf, type Sql } from "./conditions-sql.ts";
import { countAfter, type FolderIndex, folderIndex, type IndexedColumn } from "./folder-index.ts";
import type { Folder, Marks, MarksOrder } from "./marks-order.ts";
import type { Position, SortColumn } from "./order.ts";
import { positionAfter } from "./position-after.ts";
import { between } from "./positions.ts";
import { nextStride } from "./stride.ts";
import { nextTurn } from "./turns.ts";

/** An order by numbers, in which a folder has no index. */
type UnindexedColumn = Exclude<SortColumn, IndexedColumn>;

interface Sampled {
  /** PostgreSQL gives large numbers as texts. */
  readonly key: number | string | null;
  readonly tail: string;
}

/**
 * Finds marks in an order that no index of folders has. It counts the folder's entries in the index by creation, in steps,
 * and reads the rows of some of them. Their keys, once sorted, say where the marks are.
 *
 * Up to a number of files it reads all of them, and the marks are exact. Of a larger folder it takes the files whose random
 * ids end with a small number. The more files there are, the smaller a part it takes.
 */
export async function marksOfSample(
  reader: Connection,
  folder: Folder,
  { column, direction, count }: MarksOrder<UnindexedColumn>,
  signal: AbortSignal,
): Promise<Marks> {
  const index = folderIndex(reader, folder, "created_at", "asc", signal);
  let sample: Sampled[] = [];
  let part = tails;
  let entries = 0;
  let from: Position | undefined;
  for (let stride = bounds.stageEntries; ; await nextTurn()) {
    signal.throwIfAborted();
    const begun = performance.now();
    const end = await positionAfter(index.search, index.phase, index.list, from, stride - 1);
    entries += end === undefined ? await countAfter(index, from) : stride;
    sample.push(...(await readSample(index, column, part, from, end)));
    while (sample.length > bounds.mostSampledFiles && part > 1) {
      part /= 2;
      sample = sample.filter(({ tail }) => tail < tailOf(part));
    }
    if (end === undefined) break;
    from = end;
    stride = nextStride(stride, bounds.stageEntries, performance.now() - begun, reader);
  }
  const files = part === tails ? sample.length : entries - (await countFolders(reader, folder));
  const sign = direction === "asc" ? 1 : -1;
  const keys = sample
    .flatMap(({ key }) => (key === null ? [] : [Number(key)]))
    .sort((one, other) => sign * (one - other));
  const step = Math.max(1, keys.length / count);
  const picked = Array.from({ length: Math.min(count, keys.length) }, (_, mark) => keys[Math.floor(mark * step)] ?? 0);
  return { files, total: Math.round((files * keys.length) / Math.max(1, sample.length)), keys: picked };
}

/** The last four of an id's 24 digits are random, so it has one of this many ends. */
const tails = 16 ** 4;

function tailOf(part: number): string {
  return part.toString(16).padStart(4, "0");
}

/** Reads the files between two positions whose ids end with less than `part`. Others cost an entry of the index, and no row. */
async function readSample(
  { search, phase, list }: FolderIndex,
  column: UnindexedColumn,
  part: number,
  from: Position | undefined,
  end: Position | undefined,
): Promise<readonly Sampled[]> {
  const tail = sql`substr(c.id, 21)`;
  const conditions: Sql[] = [...list.own, ...between(list, phase, search, from, end)];
  if (part < tails) conditions.push(sql`${tail} < ${tailOf(part)}`);
  const ids = sql`select c.id from ${list.entries} where ${allOf(conditions)}`;
  const { rows } = await sql<Sampled>`
    ${unnamed} select ${sql.ref(`c.${column}`)} as key, ${tail} as tail
    from (${ids}) as i cross join catalogue as c
    where c.scope = ${sql.lit(search.scope)} and c.id = i.id and c.kind = ${sql.lit(kinds.file)}
  `.execute(search.reader);
  return rows;
}

async function countFolders(reader: Connection, { accountId, path }: Folder): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    ${unnamed} select count(*) as count from folders
    where parent_id = (select id from folders where account_id = ${accountId} and path = ${path})
  `.execute(reader);
  return Number(rows[0]?.count);
}
