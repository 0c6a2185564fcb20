import { type RawBuilder, sql } from "kysely";
import type { Range } from "./ranges.ts";
import type { Words } from "./tests.ts";

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
  return tests.length === 0
    ? never
    : sql`(${sql.join(
        tests.map((test) => sql`(${test})`),
        sql` or `,
      )})`;
}

export function allOf(tests: readonly Sql[]): Sql {
  return tests.length === 0
    ? always
    : sql`(${sql.join(
        tests.map((test) => sql`(${test})`),
        sql` and `,
      )})`;
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
