import { sql } from "kysely";
import type { Connection } from "../../database.ts";
import { unnamed } from "../../unnamed.ts";
import { type Candidates, findCandidates, idsOf, maxListedCandidates } from "./candidates.ts";
import { idsInCommon } from "./common-terms.ts";
import { allOf, type Sql } from "./conditions-sql.ts";
import { type Criteria, criteriaFor, everything, nothing } from "./criteria.ts";
import { filterOf, type Place } from "./filter.ts";
import { type Direction, type Phase, type Position, phasesOf, rankOf, type Sort } from "./order.ts";

/** A row of a page, by which the object is read. */
export interface FoundRow extends Position {
  readonly kind: 0 | 1 | 2;
  readonly version_id: string | null;
}

export interface PageQuery {
  readonly accountId: string;
  readonly criteria: Criteria;
  readonly sort: Sort;
  readonly limit: number;
  readonly skip: number;
  /** The page begins after this position, or ends before it. */
  readonly from?: { readonly position: Position; readonly towards: "next" | "previous" } | undefined;
}

export interface FoundPage {
  readonly rows: readonly FoundRow[];
  /** Whether there are rows beyond the page, in the direction in which it was looked for. */
  readonly hasMore: boolean;
}

/** Entries of an index that one statement looks at. A statement holds SQLite's reading thread for some milliseconds. */
const maxEntriesAtOnce = 2000;
const minEntriesAtOnce = 100;
/** Ids of a list that one statement looks up. */
const idsAtOnce = 500;
/** After so many steps without a full page, lists of common terms are looked through instead. */
const stepsBeforeLists = 8;
/** Tests that one statement makes, nearly: the more conditions a search has, the fewer entries are looked at. */
const testsAtOnce = 16_000;

/** The parameters of a walk through one phase. */
interface Part {
  readonly phase: Phase;
  readonly from: Position | undefined;
  readonly skip: number;
  readonly count: number;
}

interface TakenRows {
  readonly rows: FoundRow[];
  /** The number of rows that are to be skipped in the phases that follow. */
  readonly left: number;
}

/**
 * Finds one page. Short lists of candidates are sorted; otherwise the index of the order is walked in bounded steps, so
 * that other requests go on in between and the signal is heeded.
 */
export async function findPage(reader: Connection, query: PageQuery, signal: AbortSignal): Promise<FoundPage> {
  const wanted = query.limit + 1;
  const scopes = scopesOf(query.criteria);
  const backwards = query.from?.towards === "previous";
  const [only] = scopes;
  let rows: FoundRow[];
  if (only === undefined) rows = [];
  else if (scopes.length === 1) rows = await new Walk(reader, query, only, signal).take(query.skip, wanted);
  else {
    const parts = [];
    for (const scope of scopes)
      parts.push(...(await new Walk(reader, query, scope, signal).take(0, query.skip + wanted)));
    rows = parts.sort(comparing(query.sort, backwards)).slice(query.skip, query.skip + wanted);
  }
  const page = rows.slice(0, query.limit);
  return { rows: backwards ? page.reverse() : page, hasMore: rows.length > query.limit };
}

/** A scope, and the criteria that are left to test there. */
interface Scope {
  readonly scope: 0 | 1;
  readonly criteria: Criteria;
}

/** The scopes in which anything can meet the criteria. */
export function scopesOf(criteria: Criteria): Scope[] {
  const scopes: Scope[] = [
    { scope: 0, criteria: criteriaFor(criteria, ["file", "folder"]) },
    { scope: 1, criteria: criteriaFor(criteria, ["file-version"]) },
  ];
  return scopes.filter((scope) => scope.criteria !== nothing);
}

/** Goes through one scope in the order of a list, or against it. */
class Walk {
  readonly #reader: Connection;
  readonly #query: PageQuery;
  readonly #place: Place;
  readonly #scope: Scope;
  readonly #signal: AbortSignal;
  readonly #direction: Direction;

  constructor(reader: Connection, query: PageQuery, scope: Scope, signal: AbortSignal) {
    this.#reader = reader;
    this.#query = query;
    this.#scope = scope;
    this.#place = { accountId: query.accountId, scope: scope.scope };
    this.#signal = signal;
    this.#direction = query.from?.towards === "previous" ? opposite(query.sort.direction) : query.sort.direction;
  }

  /** @returns the next rows after the first `skip`, at most `count` of them */
  async take(skip: number, count: number): Promise<FoundRow[]> {
    const { sort, from } = this.#query;
    const rows: FoundRow[] = [];
    let left = skip;
    const phases = phasesOf(sort, this.#scope.criteria);
    for (const phase of from?.towards === "previous" ? phases.toReversed() : phases) {
      const order = from === undefined ? 1 : this.#rank(phase.number) - this.#rank(from.position.phase);
      if (order < 0) continue;
      const part = { phase, from: order === 0 ? from?.position : undefined, skip: left, count: count - rows.length };
      const candidates = await findCandidates(this.#reader, phase.criteria, this.#place);
      const found = await (candidates === undefined ? this.#walk(part) : this.#sort(part, candidates));
      left = found.left;
      rows.push(...found.rows);
      if (rows.length >= count) break;
    }
    return rows;
  }

  #rank(phase: number): number {
    return rankOf(this.#query.sort, phase) * (this.#query.from?.towards === "previous" ? -1 : 1);
  }

  /** Sorts what meets the criteria among the candidates. */
  async #sort({ phase, from, skip, count }: Part, { queries }: Candidates): Promise<TakenRows> {
    this.#signal.throwIfAborted();
    const conditions = [
      sql`c.id in (${sql.join(queries, sql` union all `)})`,
      // The expression keeps the database from walking an index in the order of the list instead.
      sql`c.account_id || '' = ${this.#place.accountId}`,
      sql`c.scope = ${sql.lit(this.#place.scope)}`,
      filterOf(phase.criteria, this.#place),
      ...this.#keysOf(phase),
      ...this.#beyond(phase, from),
    ];
    const rows = await this.#select(phase, conditions, skip + count);
    return { rows: rows.slice(skip), left: Math.max(0, skip - rows.length) };
  }

  /** Walks the index of the order, a bounded number of entries at a time. */
  async #walk({ phase, from, skip, count }: Part): Promise<TakenRows> {
    const filter = phase.criteria === everything ? [] : [filterOf(phase.criteria, this.#place)];
    const rows: FoundRow[] = [];
    const folder = phase.column === "created_at" ? onlyFolder(phase.criteria) : undefined;
    const own = folder === undefined ? this.#own() : this.#inFolder(folder);
    const step = Math.max(minEntriesAtOnce, Math.min(maxEntriesAtOnce, testsAtOnce / conditionsIn(phase.criteria)));
    let left = skip;
    let position = from;
    for (let steps = 1; ; steps++) {
      this.#signal.throwIfAborted();
      const end = await this.#entryAt(phase, own, position, Math.floor(step) - 1);
      const conditions = [
        ...own,
        ...this.#keysOf(phase),
        ...this.#beyond(phase, position),
        ...(end === undefined ? [] : this.#upTo(phase, end)),
        ...filter,
      ];
      if (left >= step) left -= await this.#count(conditions);
      else {
        const found = await this.#select(phase, conditions, left + count - rows.length);
        rows.push(...found.slice(left));
        left = Math.max(0, left - found.length);
      }
      if (end === undefined || rows.length >= count) return { rows, left };
      position = end;
      await nextTurn();
      if (steps !== stepsBeforeLists) continue;
      const ids = await this.#listedIds(phase.criteria);
      if (ids === undefined) continue;
      const rest = await this.#sortListed({ phase, from: position, skip: left, count: count - rows.length }, ids);
      return { rows: [...rows, ...rest.rows], left: rest.left };
    }
  }

  /** The ids of all objects that may meet the criteria, where a list of bounded length has them. */
  async #listedIds(criteria: Criteria): Promise<string[] | undefined> {
    const candidates = await findCandidates(this.#reader, criteria, this.#place, maxListedCandidates);
    if (candidates !== undefined) return idsOf(this.#reader, candidates);
    return idsInCommon(this.#reader, criteria, this.#place, this.#signal);
  }

  /** Looks up the objects of a list in steps, and sorts those that meet the criteria. */
  async #sortListed({ phase, from, skip, count }: Part, ids: readonly string[]): Promise<TakenRows> {
    const rows: FoundRow[] = [];
    const filter = [filterOf(phase.criteria, this.#place), ...this.#keysOf(phase), ...this.#beyond(phase, from)];
    for (let start = 0; start < ids.length; start += idsAtOnce) {
      this.#signal.throwIfAborted();
      const some = sql`c.id in (${sql.join(ids.slice(start, start + idsAtOnce))})`;
      const own = [
        some,
        sql`c.account_id || '' = ${this.#place.accountId}`,
        sql`c.scope = ${sql.lit(this.#place.scope)}`,
      ];
      rows.push(...(await this.#select(phase, [...own, ...filter], idsAtOnce)));
      await nextTurn();
    }
    rows.sort(comparing(this.#query.sort, this.#query.from?.towards === "previous"));
    return { rows: rows.slice(skip, skip + count), left: Math.max(0, skip - rows.length) };
  }

  /** The position of the entry that follows `offset` others. */
  async #entryAt(
    phase: Phase,
    own: readonly Sql[],
    from: Position | undefined,
    offset: number,
  ): Promise<Position | undefined> {
    const { column } = phase;
    const { rows } = await sql<{ key: string | number | null; id: string }>`
      ${unnamed} select ${sql.ref(`c.${column}`)} as key, c.id from catalogue as c
      where ${allOf([...own, ...this.#keysOf(phase), ...this.#beyond(phase, from)])}
      order by ${this.#order(phase)} limit 1 offset ${offset}
    `.execute(this.#reader);
    const [row] = rows;
    return row && { phase: phase.number, key: row.key, id: row.id, scope: this.#scope.scope };
  }

  async #select(phase: Phase, conditions: readonly Sql[], limit: number): Promise<FoundRow[]> {
    const { rows } = await sql<Omit<FoundRow, "phase">>`
      ${unnamed} select ${sql.ref(`c.${phase.column}`)} as key, c.id, c.scope, c.kind, c.version_id from catalogue as c
      where ${allOf(conditions)}
      order by ${this.#order(phase)} limit ${limit}
    `.execute(this.#reader);
    return rows.map((row) => ({ ...row, phase: phase.number }));
  }

  async #count(conditions: readonly Sql[]): Promise<number> {
    const { rows } = await sql<{ count: number }>`
      ${unnamed} select count(*) as count from catalogue as c where ${allOf(conditions)}
    `.execute(this.#reader);
    return Number(rows[0]?.count);
  }

  /** A folder has an index of its own in the order of creation. */
  #inFolder(path: string): Sql[] {
    const { accountId, scope } = this.#place;
    const folder = sql`select id from folders where account_id = ${accountId} and path = ${path}`;
    return [sql`c.folder_id = (${folder})`, sql`c.scope = ${sql.lit(scope)}`];
  }

  #own(): Sql[] {
    return [sql`c.account_id = ${this.#place.accountId}`, sql`c.scope = ${sql.lit(this.#place.scope)}`];
  }

  #keysOf({ keys, column }: Phase): Sql[] {
    if (keys === "all") return [];
    return [keys === "some" ? sql`${sql.ref(`c.${column}`)} is not null` : sql`${sql.ref(`c.${column}`)} is null`];
  }

  #order({ column }: Phase): Sql {
    const direction = sql.raw(this.#direction);
    return sql`${sql.ref(`c.${column}`)} ${direction}, c.id ${direction}`;
  }

  #beyond(phase: Phase, position: Position | undefined): Sql[] {
    if (position === undefined) return [];
    // Of two objects with one key and one id, that of the lower scope comes first in the order of ids.
    const { scope } = this.#place;
    const isAfter = this.#direction === "asc" ? scope > position.scope : scope < position.scope;
    return this.#compared(phase, position, `${this.#direction === "asc" ? ">" : "<"}${isAfter ? "=" : ""}`);
  }

  #upTo(phase: Phase, position: Position): Sql[] {
    return this.#compared(phase, position, this.#direction === "asc" ? "<=" : ">=");
  }

  /** The comparison of the key alone is implied. It says to each planner that the index's range is bounded. */
  #compared({ keys, column }: Phase, { key, id }: Position, operator: string): Sql[] {
    if (keys === "null") return [sql`c.id ${sql.raw(operator)} ${id}`];
    const ref = sql.ref(`c.${column}`);
    return [sql`${ref} ${sql.raw(`${operator[0]}=`)} ${key}`, sql`(${ref}, c.id) ${sql.raw(operator)} (${key}, ${id})`];
  }
}

function opposite(direction: Direction): Direction {
  return direction === "asc" ? "desc" : "asc";
}

/** Compares rows of different scopes as the list orders them. */
function comparing(sort: Sort, backwards: boolean) {
  const forwards = backwards ? -1 : 1;
  const sign = sort.direction === "asc" ? forwards : -forwards;
  return (one: FoundRow, other: FoundRow): number =>
    forwards * (rankOf(sort, one.phase) - rankOf(sort, other.phase)) ||
    sign * (compareKeys(one.key, other.key) || compareTexts(one.id, other.id) || one.scope - other.scope);
}

function compareKeys(one: FoundRow["key"], other: FoundRow["key"]): number {
  if (typeof one === "string" && typeof other === "string") return Buffer.compare(Buffer.from(one), Buffer.from(other));
  return Number(one ?? 0) - Number(other ?? 0);
}

function compareTexts(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}

/** The path of the folder that everything has to be in, if the criteria name one. */
function onlyFolder(criteria: Criteria): string | undefined {
  if (criteria.kind === "and") return criteria.operands.map(onlyFolder).find((path) => path !== undefined);
  if (criteria.kind !== "condition" || criteria.field !== "path" || criteria.negated) return undefined;
  return criteria.test.kind === "among" && criteria.test.values.length === 1 ? criteria.test.values[0] : undefined;
}

function conditionsIn(criteria: Criteria): number {
  return criteria.kind === "condition" ? 1 : criteria.operands.reduce((sum, operand) => sum + conditionsIn(operand), 1);
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
