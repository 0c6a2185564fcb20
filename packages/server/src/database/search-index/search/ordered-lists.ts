import { sql } from "kysely";
import type { Sql } from "./conditions-sql.ts";
import type { Criteria } from "./criteria.ts";
import type { SearchScope } from "./filter.ts";
import { singleTermsOf } from "./index-candidates.ts";
import { intersection, rangesOf } from "./key-ranges.ts";
import type { Phase } from "./order.ts";
import type { KeyColumns } from "./positions.ts";
import type { Range } from "./ranges.ts";

/** An index that has at least everything that meets the criteria, in the order of a phase. */
export interface OrderedList extends KeyColumns {
  /** The table or tables with the entries, and the conditions that they meet. */
  readonly entries: Sql;
  readonly own: readonly Sql[];
  /** A range of keys that everything has to be in, so that a walk begins and ends there. */
  readonly range: Range<string | number>;
  /** The same with the search index's rows, as `c`. */
  readonly rows: Sql;
  readonly ofRows: readonly Sql[];
  /** The folder or the term whose entries these are. */
  readonly folder?: string | undefined;
  readonly term?: string;
}

/** With more terms than these, each step would look at too many lists. */
const maxTerms = 4;

/**
 * The lists that can be walked in the order of the phase. By creation, each term that all objects must have has one, and
 * so has a folder. Other orders have their index alone.
 */
export function orderedLists({ column, criteria }: Phase, place: SearchScope): readonly OrderedList[] {
  const { viewer, scope } = place;
  const key = sql.ref(`c.${column}`);
  const columns = { key, id: sql`c.id` };
  const range = intersection(rangesOf(criteria, column));
  // Only settled rows are in the other indexes. The literal says so to the planners.
  const settled = column === "created_at" ? [] : [sql`c.settled = 1`];
  const list = (own: readonly Sql[], folder?: string): OrderedList => {
    const conditions = [...own, ...settled];
    const entries = sql`catalogue as c`;
    return { ...columns, entries, own: conditions, range, rows: entries, ofRows: conditions, folder };
  };
  const path = onlyFolder(criteria);
  const terms = column === "created_at" ? [...new Set(demandedTerms(criteria))].slice(0, maxTerms) : [];
  const lists = terms.map((term) => listOfTerm(term, terms, place, range));
  if (path !== undefined && (column === "created_at" || column === "name")) {
    const folder = sql`select id from folders where account_id = ${viewer.accountId} and path = ${path}`;
    lists.push(list([sql`c.folder_id = (${folder})`, sql`c.scope = ${sql.lit(scope)}`], path));
  }
  if (lists.length > 0) return lists;
  return [list([sql`c.account_id = ${viewer.accountId}`, sql`c.scope = ${sql.lit(scope)}`])];
}

/**
 * The other terms are looked up in the lists, since an entry of a list costs less than a row. The limit keeps SQLite
 * from looking the row up first, and PostgreSQL leaves it out of account.
 */
function listOfTerm(
  term: string,
  terms: readonly string[],
  { viewer, scope }: SearchScope,
  range: Range<string | number>,
): OrderedList {
  const has = (alias: string, one: string) => [
    sql`${sql.ref(`${alias}.account_id`)} = ${viewer.accountId}`,
    sql`${sql.ref(`${alias}.scope`)} = ${sql.lit(scope)}`,
    sql`${sql.ref(`${alias}.term`)} = ${one}`,
  ];
  const columns = { key: sql`t.created_at`, id: sql`t.id` };
  const own = has("t", term);
  const others = terms
    .filter((other) => other !== term)
    .map(
      (other) => sql`exists (select 1 from catalogue_terms as o
        where ${sql.join(has("o", other), sql` and `)} and o.created_at = t.created_at and o.id = t.id limit 1)`,
    );
  return {
    ...columns,
    entries: sql`catalogue_terms as t`,
    own,
    range,
    term,
    rows: sql`catalogue_terms as t cross join catalogue as c`,
    ofRows: [...own, ...others, sql`c.scope = ${sql.lit(scope)}`, sql`c.id = t.id`],
  };
}

/** The terms that each object must have. */
export function demandedTerms(criteria: Criteria): readonly string[] {
  if (criteria.kind === "condition") return singleTermsOf(criteria);
  return criteria.kind === "and" ? criteria.operands.flatMap(demandedTerms) : [];
}

/** The path of the folder that everything has to be in, if the criteria name one. */
function onlyFolder(criteria: Criteria): string | undefined {
  if (criteria.kind === "and") return criteria.operands.map(onlyFolder).find((path) => path !== undefined);
  if (criteria.kind !== "condition" || criteria.field !== "path" || criteria.negated) return undefined;
  return criteria.test.kind === "among" && criteria.test.values.length === 1 ? criteria.test.values[0] : undefined;
}
