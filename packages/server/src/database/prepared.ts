import { type Compilable, type CompiledQuery, type RawBuilder, sql } from "kysely";
import type { Connection, Engine } from "./connection.ts";

/**
 * Begins a statement whose text depends on what somebody searches for. The databases keep a bounded number of prepared
 * statements, which such texts would crowd out.
 */
export const unprepared: RawBuilder<unknown> = sql.raw("/* unprepared */");

export function isUnprepared(text: string): boolean {
  return text.trimStart().startsWith("/* unprepared */");
}

/** Stands for a parameter's value while the query is compiled. */
class Placeholder {
  readonly name: string;

  constructor(name: string) {
    this.name = name;
  }
}

type Compiled = { readonly query: CompiledQuery; readonly values: readonly unknown[] };

/**
 * Prepares a query whose shape never changes. It is compiled once for each database instead of at every call, because
 * compiling costs more than running it. `build` gets a stand-in for each parameter and may only put it where a value
 * stands. If the shape depends on a value, for example by leaving a clause out, each shape is a query of its own.
 * @returns a function that runs the query and returns its rows and the number of changed rows
 */
export function prepared<Parameters extends object, Row>(
  build: (connection: Connection, parameters: Parameters) => Compilable<Row>,
): (connection: Connection, parameters: Parameters) => Promise<{ rows: Row[]; changed: number }> {
  const cache = new WeakMap<Engine, Compiled>();
  return async (connection, parameters) => {
    const { engine } = connection;
    let compiled = cache.get(engine);
    if (compiled === undefined) {
      compiled = compile(build, connection);
      cache.set(engine, compiled);
    }
    const byName = parameters as Readonly<Record<string, unknown>>;
    const values = compiled.values.map((value) =>
      value instanceof Placeholder ? valueFor(byName, value.name) : value,
    );
    if (engine.runNow !== undefined) {
      return engine.runNow(compiled.query.sql, values) as { rows: Row[]; changed: number };
    }
    const { rows, numAffectedRows } = await connection.executeQuery<Row>({
      ...compiled.query,
      parameters: values,
    } as CompiledQuery<Row>);
    return { rows, changed: Number(numAffectedRows ?? 0n) };
  };
}

function compile<Parameters extends object>(
  build: (connection: Connection, parameters: Parameters) => Compilable,
  connection: Connection,
): Compiled {
  const standIns = new Proxy({} as Parameters, { get: (_, name) => new Placeholder(String(name)) });
  const query = build(connection, standIns).compile();
  return { query, values: query.parameters };
}

function valueFor(parameters: Readonly<Record<string, unknown>>, name: string): unknown {
  const value = parameters[name];
  if (value === undefined) throw new TypeError(`The query's parameter ${name} is missing.`);
  return value;
}
