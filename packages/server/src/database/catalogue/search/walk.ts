import { sql } from "kysely";
import { unnamed } from "../../unnamed.ts";
import { bounds } from "./bounds.ts";
import { allOf, type Sql } from "./conditions-sql.ts";
import type { Criteria } from "./criteria.ts";
import type { Position } from "./order.ts";
import { type OrderedList, orderedLists } from "./ordered-lists.ts";
import { positionAfter } from "./position-after.ts";
import { between, comparePositions } from "./positions.ts";
import { type FoundRow, type Part, type Search, selectRows, type TakenRows } from "./search-part.ts";
import { skipFiles } from "./skip-files.ts";
import { nextStride } from "./stride.ts";

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
      ${unnamed} select count(*) as count from ${from} where ${allOf(conditions)}
    `.execute(this.#search.reader);
    return Number(rows[0]?.count);
  }
}

function conditionsIn(criteria: Criteria): number {
  return criteria.kind === "condition" ? 1 : criteria.operands.reduce((sum, operand) => sum + conditionsIn(operand), 1);
}
