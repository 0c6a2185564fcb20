import type { Compilable, CompiledQuery } from "kysely";
import type { Connection, Engine } from "./connection.ts";

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
