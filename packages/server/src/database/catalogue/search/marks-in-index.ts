import { sql } from "kysely";
import type { Connection } from "../../database.ts";
import { unnamed } from "../../unnamed.ts";
import { bounds } from "./bounds.ts";
import { allOf } from "./conditions-sql.ts";
import { countAfter, type FolderIndex, folderIndex, type IndexedColumn } from "./folder-index.ts";
import type { Folder, Marks, MarksOrder } from "./marks-order.ts";
import { areStillFresh, type OffIndex, readOffIndex, type Stage } from "./off-index.ts";
import type { Position } from "./order.ts";
import { positionAfter } from "./position-after.ts";
import { between } from "./positions.ts";
import { nextStride } from "./stride.ts";
import { nextTurn } from "./turns.ts";

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
export async function marksInIndex(
  reader: Connection,
  folder: Folder,
  { column, direction, count }: MarksOrder<IndexedColumn>,
  signal: AbortSignal,
): Promise<Marks> {
  const index = folderIndex(reader, folder, column, direction, signal);
  const { search } = index;
  for (let counts = 1; ; counts++) {
    const offIndex = await readOffIndex(search, folder, column);
    const marks = await marksBeside(offIndex, index, count);
    // A file that was settled meanwhile may have been counted twice: as a fresh one, and in the index.
    if (counts === maxCounts || (await areStillFresh(search, offIndex))) return marks;
  }
}

async function marksBeside(offIndex: OffIndex, index: FolderIndex, count: number): Promise<Marks> {
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
      ${unnamed} select ${list.key} as key, ${list.id} as id from ${list.entries}
      where ${allOf([...list.own, ...between(list, phase, search, from.position, to.position)])}
    `.execute(search.reader);
    const entries = rows.map(({ key, id }): Position => ({ phase: phase.number, key, id, scope: 0 }));
    return offIndex.filesAmong(entries, from, to)[files - offIndex.filesUpTo(from)]?.key ?? null;
  }

  return (from: Stage, to: Stage, files: number) =>
    offIndex.lacksFiles(from, to) ? merge(from, to, files) : goTo(from, files);
}
