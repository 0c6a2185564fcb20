import { sql } from "kysely";
import { unprepared } from "../../prepared.ts";
import { bounds, nextStride } from "./bounds.ts";
import { allOf, type Sql } from "./conditions-sql.ts";
import { type Criteria, type Criterion, everything } from "./criteria.ts";
import { singleTermsOf } from "./index-candidates.ts";
import type { Phase, Position } from "./order.ts";
import { type OrderedList, orderedLists } from "./ordered-lists.ts";
import { positionAfter } from "./position-after.ts";
import { between, comparePositions } from "./positions.ts";
import { type FoundRow, type Part, type Search, selectRows, type TakenRows } from "./search-part.ts";

/**
 * Skips this many entries of a plain list by its index alone. The index has folders among the files, so these are counted.
 * @returns undefined where the rows have to be tested, or near the list's end
 */
async function skipFiles(
  search: Search,
  phase: Phase,
  lists: readonly OrderedList[],
  from: Position | undefined,
  entries: number,
): Promise<{ readonly files: number; readonly position: Position } | undefined> {
  const [list, ...more] = lists;
  if (list === undefined || more.length > 0 || !isPlain(phase.criteria, list)) return undefined;
  const position = await positionAfter(search, phase, list, from, entries - 1);
  if (position === undefined) return undefined;
  if (phase.criteria === everything || search.scope === 1 || list.term !== undefined)
    return { files: entries, position };
  const conditions = [
    sql`c.id in (select f.id from catalogue as f where f.account_id = ${search.place.viewer.accountId} and f.kind = 2)`,
    ...list.own,
    ...between(list, phase, search, from, position),
  ];
  const { rows } = await sql<{ count: number }>`
    ${unprepared} select count(*) as count from catalogue as c where ${allOf(conditions)}
  `.execute(search.reader);
  return { files: entries - Number(rows[0]?.count), position };
}

/** Terms that are the whole of a test. No folder has one of these. */
const wholeTests: ReadonlySet<string> = new Set(["tags", "embeddedMetadata.Keywords"]);

/** Whether the list's files are what meets the criteria. */
function isPlain(criteria: Criteria, list: OrderedList): boolean {
  if (criteria.kind === "and") return criteria.operands.every((operand) => isPlain(operand, list));
  if (criteria.kind !== "condition" || criteria.negated) return false;
  if (criteria.field === "type") {
    const { values } = criteria.test;
    return values.includes("file") && (list.term !== undefined || !values.includes("folder"));
  }
  if (list.term !== undefined) {
    return (
      wholeTests.has(criteria.field) &&
      "test" in criteria &&
      criteria.test.kind === "among" &&
      hasOnly(criteria, list.term)
    );
  }
  if (criteria.field !== "path" || criteria.test.kind !== "among") return false;
  return criteria.test.values.every((path) => path === list.folder);
}

function hasOnly(condition: Criterion, term: string): boolean {
  const [only, ...more] = singleTermsOf(condition);
  return only === term && more.length === 0;
}

/** A walk through the entries of a phase, a bounded number of them at a time. */
export class Walk {
  readonly #search: Search;
  readonly #part: Part;
  readonly #lists: readonly OrderedList[];
  readonly #mostEntries: number;
  readonly #rows: FoundRow[] = [];
  #left: number;
  #position: Position | undefined;
  #step: number;
  #skipped: number = bounds.firstSkippedEntries;
  /** The number of entries that it has looked at. */
  entries = 0;

  constructor(search: Search, part: Part) {
    this.#search = search;
    this.#part = part;
    this.#lists = orderedLists(part.phase, search.place);
    this.#left = part.skip;
    this.#position = part.from;
    this.#mostEntries = Math.max(
      bounds.leastEntries,
      Math.min(bounds.mostEntries, Math.floor(bounds.tests / conditionsIn(part.phase.criteria))),
    );
    this.#step = Math.min(this.#mostEntries, Math.max(bounds.firstEntries, part.count));
  }

  /** @returns whether everything is taken */
  async step(): Promise<boolean> {
    const { phase, filter, count, leavesOut } = this.#part;
    this.#search.signal.throwIfAborted();
    const begun = performance.now();
    if (this.#left > this.#step && !leavesOut) {
      const entries = Math.min(this.#left, this.#skipped);
      const skipped = await skipFiles(this.#search, phase, this.#lists, this.#position, entries);
      if (skipped !== undefined) {
        this.#skipped = nextStride(entries, bounds.skippedEntries, performance.now() - begun, this.#search.reader);
        this.#left -= skipped.files;
        this.#position = skipped.position;
        return false;
      }
    }
    const { list, end } = await this.#sparsest();
    const conditions = [...list.ofRows, ...between(list, phase, this.#search, this.#position, end), ...filter];
    if (this.#left >= this.#step) this.#left -= await this.#count(list.rows, conditions);
    else {
      const wanted = this.#left + count - this.#rows.length;
      const found = await selectRows(this.#search, phase, list, list.rows, conditions, wanted);
      this.#rows.push(...found.slice(this.#left));
      this.#left = Math.max(0, this.#left - found.length);
    }
    this.entries += this.#step;
    this.#position = end;
    this.#step = nextStride(this.#step, this.#mostEntries, performance.now() - begun, this.#search.reader);
    return end === undefined || this.#rows.length >= count;
  }

  /** The part of the search that is left. */
  rest(): Part {
    return { ...this.#part, from: this.#position, skip: this.#left, count: this.#part.count - this.#rows.length };
  }

  /** @param rest what was found in another way, after the walk's own rows */
  taken(rest: TakenRows = { rows: [], left: this.#left }): TakenRows {
    return { rows: [...this.#rows, ...rest.rows], left: rest.left };
  }

  /** Every match is in each of the lists. So the step goes along the one in which it comes furthest. */
  async #sparsest(): Promise<{ readonly list: OrderedList; readonly end: Position | undefined }> {
    let best: { readonly list: OrderedList; readonly end: Position | undefined } | undefined;
    const sign = this.#search.direction === "asc" ? 1 : -1;
    for (const list of this.#lists) {
      const end = await positionAfter(this.#search, this.#part.phase, list, this.#position, this.#step - 1);
      if (end === undefined) return { list, end };
      if (best?.end === undefined || sign * comparePositions(end, best.end) > 0) best = { list, end };
    }
    if (best === undefined) throw new Error("There is always a list.");
    return best;
  }

  async #count(from: Sql, conditions: readonly Sql[]): Promise<number> {
    const { rows } = await sql<{ count: number }>`
      ${unprepared} select count(*) as count from ${from} where ${allOf(conditions)}
    `.execute(this.#search.reader);
    return Number(rows[0]?.count);
  }
}

function conditionsIn(criteria: Criteria): number {
  return criteria.kind === "condition" ? 1 : criteria.operands.reduce((sum, operand) => sum + conditionsIn(operand), 1);
}
