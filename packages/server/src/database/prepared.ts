import type { Compilable, CompiledQuery, DialectAdapter } from "kysely";
import type { Connection } from "./database.ts";
import { NodeSqliteAdapter } from "./sqlite/node-sqlite-dialect.ts";

/** Stands for a parameter's value while the query is compiled. */
class Placeholder {
  readonly name: string;

  constructor(name: string) {
    this.name = name;
  }
}

type Compiled = { readonly query: CompiledQuery; readonly values: readonly unknown[] };

/**
 * A query whose shape never changes, compiled once for each database instead of at every call: compiling costs more
 * than running it. `build` gets each parameter as a stand-in and may only put it where a value stands: what depends on
 * a value, such as leaving a clause out, is a query of its own.
 * @returns a function that runs it and answers its rows, and how many rows it changed
 */
export function prepared<Parameters extends object, Row>(
  build: (connection: Connection, parameters: Parameters) => Compilable<Row>,
): (connection: Connection, parameters: Parameters) => Promise<{ rows: Row[]; changed: number }> {
  const cache = new WeakMap<DialectAdapter, Compiled>();
  return async (connection, parameters) => {
    const { adapter } = connection.getExecutor();
    let compiled = cache.get(adapter);
    if (compiled === undefined) {
      compiled = compile(build, connection);
      cache.set(adapter, compiled);
    }
    const byName = parameters as Readonly<Record<string, unknown>>;
    const values = compiled.values.map((value) =>
      value instanceof Placeholder ? valueFor(byName, value.name) : value,
    );
    if (adapter instanceof NodeSqliteAdapter) {
      return adapter.runNow(compiled.query.sql, values) as { rows: Row[]; changed: number };
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
