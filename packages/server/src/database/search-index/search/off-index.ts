import { sql } from "kysely";
import { unprepared } from "../../prepared.ts";
import { kinds } from "../row.ts";
import { bounds, nextTurn } from "./bounds.ts";
import { allOf, type Sql } from "./conditions-sql.ts";
import type { Folder } from "./folder-index.ts";
import type { Position, SortColumn } from "./order.ts";
import { comparePositions } from "./positions.ts";
import type { Search } from "./search-part.ts";

/** A place in the index. Its beginning and its end have no position. */
export interface Stage {
  readonly position: Position | undefined;
  /** The number of the index's entries up to there. */
  readonly entries: number;
}

interface Entry {
  readonly position: Position;
  /** 1 for a file that the index lacks, and -1 for an entry of the index that is no file. */
  readonly files: 1 | -1;
}

/** By which entries a folder's index differs from the list of the folder's files. */
export class OffIndex {
  /** The ids of the files and folders that the index lacks, because they aren't settled. */
  readonly fresh: readonly string[];
  readonly #entries: readonly Entry[];
  /** The number of files up to each entry, less that of the index's entries. */
  readonly #sums: readonly number[];
  readonly #compare: (one: Position, other: Position) => number;

  constructor(entries: readonly Entry[], fresh: readonly string[], direction: "asc" | "desc") {
    this.fresh = fresh;
    this.#compare = direction === "asc" ? comparePositions : (one, other) => comparePositions(other, one);
    this.#entries = entries.toSorted((one, other) => this.#compare(one.position, other.position));
    let sum = 0;
    this.#sums = this.#entries.map(({ files }) => {
      sum += files;
      return sum;
    });
  }

  /** The number of files, less that of the index's entries. */
  get filesMore(): number {
    return this.#sums.at(-1) ?? 0;
  }

  /** The number of files up to a stage. */
  filesUpTo({ position, entries }: Stage): number {
    return entries + (position === undefined ? 0 : (this.#sums[this.#countUpTo(position) - 1] ?? 0));
  }

  /** Whether files that the index lacks stand after one stage and up to another one. */
  lacksFiles(from: Stage, to: Stage): boolean {
    return this.#between(from, to).some(({ files }) => files === 1);
  }

  /** The files after one stage and up to another one, in order. */
  filesAmong(entries: readonly Position[], from: Stage, to: Stage): readonly Position[] {
    const others = this.#between(from, to);
    const noFiles = new Set(others.filter(({ files }) => files === -1).map(({ position }) => position.id));
    const files = [...entries, ...others.map(({ position }) => position)].filter(({ id }) => !noFiles.has(id));
    return files.sort(this.#compare);
  }

  #between({ position: from }: Stage, { position: to }: Stage): readonly Entry[] {
    return this.#entries.slice(from && this.#countUpTo(from), to && this.#countUpTo(to));
  }

  #countUpTo(position: Position): number {
    let [low, high] = [0, this.#entries.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#compare((this.#entries[middle] as Entry).position, position) <= 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

/** Reads the folders in a folder, and, in the order of names, the files that aren't settled. */
export async function readOffIndex(search: Search, { path }: Folder, column: SortColumn): Promise<OffIndex> {
  const { place, reader, direction } = search;
  const folder = sql`(select id from folders where account_id = ${place.viewer.accountId} and path = ${path})`;
  const onlySettled = column !== "created_at" && reader.engine.settlesLater;
  const entries: Entry[] = [];
  const ids: string[] = [];
  // They come before the folders, because a folder that is settled in between has to be found as one that is.
  if (onlySettled) {
    const fresh = sql`select id from catalogue
      where account_id = ${place.viewer.accountId} and scope = 0 and settled is null`;
    const inFolder = [sql`c.folder_id = ${folder}`, sql`c.settled is null`];
    for (const { position, kind } of await readAll(search, column, fresh, inFolder)) {
      ids.push(position.id);
      if (kind === kinds.file) entries.push({ position, files: 1 });
    }
  }
  const folders = sql`select id from folders where parent_id = ${folder}`;
  const found = await readAll(search, column, folders, onlySettled ? [sql`c.settled = 1`] : []);
  for (const { position } of found) entries.push({ position, files: -1 });
  return new OffIndex(entries, ids, direction);
}

/** Whether the files and folders that the index lacked are still not settled. */
export async function areStillFresh({ reader, signal }: Search, { fresh }: OffIndex): Promise<boolean> {
  for (let at = 0; at < fresh.length; at += bounds.idsAtOnce) {
    signal.throwIfAborted();
    const ids = fresh.slice(at, at + bounds.idsAtOnce);
    const { rows } = await sql<{ count: number }>`
      ${unprepared} select count(*) as count from catalogue
      where scope = 0 and settled is null and id in (${sql.join(ids)})
    `.execute(reader);
    if (Number(rows[0]?.count) < ids.length) return false;
    await nextTurn();
  }
  return true;
}

interface Found {
  readonly position: Position;
  readonly kind: number;
}

/** Reads the places of rows by their ids, a bounded number of rows at a time. */
async function readAll(search: Search, column: SortColumn, ids: Sql, conditions: readonly Sql[]): Promise<Found[]> {
  const found: Found[] = [];
  for (let after = ""; ; await nextTurn()) {
    search.signal.throwIfAborted();
    const some = sql`select id from (${ids}) as whole where id > ${after} order by id limit ${bounds.idsAtOnce}`;
    const { rows } = await sql<{ key: string | number | null; id: string | null; kind: number; last: string | null }>`
      ${unprepared} select max(i.id) over () as last, ${sql.ref(`c.${column}`)} as key, c.id, c.kind
      from (${some}) as i left join catalogue as c on ${allOf([sql`c.scope = 0`, sql`c.id = i.id`, ...conditions])}
    `.execute(search.reader);
    for (const { key, id, kind } of rows) {
      if (id !== null) found.push({ position: { phase: 0, key, id, scope: 0 }, kind });
    }
    if (rows.length < bounds.idsAtOnce) return found;
    after = rows[0]?.last ?? "";
  }
}
