import { sql } from "kysely";
import type { Connection } from "../../database.ts";
import { unprepared } from "../../prepared.ts";
import { kinds } from "../row.ts";
import { bounds, nextStride, nextTurn } from "./bounds.ts";
import { allOf, type Sql } from "./conditions-sql.ts";
import {
  countAfter,
  type Folder,
  type FolderIndex,
  folderIndex,
  type IndexedColumn,
  type ScrollKeyOrder,
  type ScrollKeys,
} from "./folder-index.ts";
import { areStillFresh, type OffIndex, readOffIndex, type Stage } from "./off-index.ts";
import type { Position, SortColumn } from "./order.ts";
import { positionAfter } from "./position-after.ts";
import { between } from "./positions.ts";

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
async function scrollKeysOfSample(
  reader: Connection,
  folder: Folder,
  { column, direction, count }: ScrollKeyOrder<UnindexedColumn>,
  signal: AbortSignal,
): Promise<ScrollKeys> {
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
    ${unprepared} select ${sql.ref(`c.${column}`)} as key, ${tail} as tail
    from (${ids}) as i cross join catalogue as c
    where c.scope = ${sql.lit(search.scope)} and c.id = i.id and c.kind = ${sql.lit(kinds.file)}
  `.execute(search.reader);
  return rows;
}

async function countFolders(reader: Connection, { viewer, path }: Folder): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    ${unprepared} select count(*) as count from folders
    where parent_id = (select id from folders where account_id = ${viewer.accountId} and path = ${path})
  `.execute(reader);
  return Number(rows[0]?.count);
}

/**
 * A count during which files were settled is done again, until so many have been done. The last count may be off by
 * some of those files.
 */
const maxCounts = 3;

/**
 * Finds marks by an index of the folder, without reading a row of a file. It counts the index's entries in steps, and
 * keeps the places where the steps end. From the closest one before a mark it goes on to the mark.
 *
 * A folder of the listing is an entry as well. A file that isn't settled is none in the order of names. Both are read one
 * by one, so every mark is the very file at its place.
 */
async function scrollKeysInIndex(
  reader: Connection,
  folder: Folder,
  { column, direction, count }: ScrollKeyOrder<IndexedColumn>,
  signal: AbortSignal,
): Promise<ScrollKeys> {
  const index = folderIndex(reader, folder, column, direction, signal);
  const { search } = index;
  for (let counts = 1; ; counts++) {
    const offIndex = await readOffIndex(search, folder, column);
    const marks = await marksBeside(offIndex, index, count);
    // A file that was settled meanwhile may have been counted twice: as a fresh one, and in the index.
    if (counts === maxCounts || (await areStillFresh(search, offIndex))) return marks;
  }
}

async function marksBeside(offIndex: OffIndex, index: FolderIndex, count: number): Promise<ScrollKeys> {
  const stages = await stagesOf(index);
  const total = (stages.at(-1) as Stage).entries + offIndex.filesMore;
  const size = Math.min(count, total);
  const find = finderOf(index, offIndex);
  const keys: (string | number)[] = [];
  let at = 0;
  for (let mark = 0; mark < size; mark++) {
    index.search.signal.throwIfAborted();
    const files = Math.floor((mark * total) / size);
    while (at + 2 < stages.length && offIndex.filesUpTo(stages[at + 1] as Stage) <= files) at += 1;
    const key = await find(stages[at] as Stage, stages[at + 1] as Stage, files);
    if (key !== null) keys.push(key);
    await nextTurn();
  }
  return { files: total, total, keys };
}

/** The places at which the steps through an index end. The first one is its beginning, and the last one its end. */
async function stagesOf(index: FolderIndex): Promise<readonly Stage[]> {
  const { search, phase, list } = index;
  const stages: Stage[] = [{ position: undefined, entries: 0 }];
  for (let stride = bounds.stageEntries; ; await nextTurn()) {
    search.signal.throwIfAborted();
    const { position: from, entries } = stages.at(-1) as Stage;
    const begun = performance.now();
    const position = await positionAfter(search, phase, list, from, stride - 1);
    if (position === undefined) {
      stages.push({ position: undefined, entries: entries + (await countAfter(index, from)) });
      return stages;
    }
    stages.push({ position, entries: entries + stride });
    stride = nextStride(stride, bounds.stageEntries, performance.now() - begun, search.reader);
  }
}

/** @returns a function that finds the key of the file between two stages that follows as many others of the folder */
function finderOf({ search, phase, list }: FolderIndex, offIndex: OffIndex) {
  async function goTo(from: Stage, files: number): Promise<Position["key"]> {
    const before = offIndex.filesUpTo(from);
    for (let entries = files + 1 - before; ; ) {
      const position = await positionAfter(search, phase, list, from.position, entries - 1);
      if (position === undefined) return null;
      // Folders among the entries are no files, so it goes on for as many entries as it found folders.
      const missing = files + 1 - offIndex.filesUpTo({ position, entries: from.entries + entries });
      if (missing <= 0) return position.key;
      entries += missing;
    }
  }

  async function merge(from: Stage, to: Stage, files: number): Promise<Position["key"]> {
    const { rows } = await sql<{ key: string | number; id: string }>`
      ${unprepared} select ${list.key} as key, ${list.id} as id from ${list.entries}
      where ${allOf([...list.own, ...between(list, phase, search, from.position, to.position)])}
    `.execute(search.reader);
    const entries = rows.map(({ key, id }): Position => ({ phase: phase.number, key, id, scope: 0 }));
    return offIndex.filesAmong(entries, from, to)[files - offIndex.filesUpTo(from)]?.key ?? null;
  }

  return (from: Stage, to: Stage, files: number) =>
    offIndex.lacksFiles(from, to) ? merge(from, to, files) : goTo(from, files);
}

/** Finds evenly spaced sort keys of a folder's files. Folders have an index by creation, and one by name. */
export function scrollKeysOf(
  reader: Connection,
  folder: Folder,
  order: ScrollKeyOrder,
  signal: AbortSignal,
): Promise<ScrollKeys> {
  const { column } = order;
  return column === "created_at" || column === "name"
    ? scrollKeysInIndex(reader, folder, { ...order, column }, signal)
    : scrollKeysOfSample(reader, folder, { ...order, column }, signal);
}
