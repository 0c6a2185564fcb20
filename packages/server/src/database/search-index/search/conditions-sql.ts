import { type RawBuilder, sql } from "kysely";
import type { Range, Words } from "./ranges.ts";

/* Pieces of conditions. Whatever a caller has given is a bound value. */

export type Sql = RawBuilder<unknown>;

export const never = sql`1 = 0`;
export const always = sql`1 = 1`;

export function oneOf(column: Sql, values: readonly unknown[]): Sql {
  return values.length === 0 ? never : sql`${column} in (${sql.join(values)})`;
}

/** A number that PostgreSQL doesn't take for an integer. */
export function real(value: number): Sql {
  return sql`cast(${value} as double precision)`;
}

export function inRange<Value>(column: Sql, { from, before }: Range<Value>, bind: (value: Value) => Sql = bound): Sql {
  const tests = [
    ...(from === undefined ? [] : [sql`${column} >= ${bind(from)}`]),
    ...(before === undefined ? [] : [sql`${column} < ${bind(before)}`]),
  ];
  return tests.length === 0 ? sql`${column} is not null` : sql.join(tests, sql` and `);
}

export function anyOf(tests: readonly Sql[]): Sql {
  return tests.length === 0 ? never : joined(tests, sql` or `);
}

export function allOf(tests: readonly Sql[]): Sql {
  return tests.length === 0 ? always : joined(tests, sql` and `);
}

/** Queries that are joined by one operator, and tests. SQLite takes 500 queries, and tests that are nested 1,000 deep. */
const mostJoined = 100;

/** SQLite nests tests in a row as deep as there are tests, so many tests are joined in groups. */
function joined(tests: readonly Sql[], operator: Sql): Sql {
  if (tests.length > mostJoined) {
    const groups = inGroups(tests).map((group) => joined(group, operator));
    return joined(groups, operator);
  }
  return sql`(${sql.join(
    tests.map((test) => sql`(${test})`),
    operator,
  )})`;
}

/** The rows of queries for `id` and `created_at`. A query that is a union itself doesn't add its queries to this one. */
export function unionAll(queries: readonly Sql[]): Sql {
  const [first, ...more] = queries;
  if (first === undefined) return sql`select id, created_at from catalogue where 1 = 0`;
  if (more.length === 0) return first;
  const parts = queries.length > mostJoined ? inGroups(queries).map(unionAll) : queries;
  return sql.join(
    parts.map((part) => sql`select id, created_at from (${part}) as part`),
    sql` union all `,
  );
}

function inGroups(items: readonly Sql[]): Sql[][] {
  return Array.from({ length: Math.ceil(items.length / mostJoined) }, (_, index) =>
    items.slice(index * mostJoined, (index + 1) * mostJoined),
  );
}

/** Tests a column of words, each of which stands behind a space. Words have neither of the signs of a pattern. */
export function hasWords(column: Sql, { whole, beginning }: Words): Sql {
  return allOf([
    ...whole.map((word) => sql`${column} || ' ' like ${`% ${word} %`}`),
    sql`${column} like ${`% ${beginning}%`}`,
  ]);
}

function bound(value: unknown): Sql {
  return sql`${value}`;
}
