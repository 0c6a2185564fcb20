import type { DatabaseSync, SQLInputValue, StatementSync } from "node:sqlite";
import { isUnnamed } from "../unnamed.ts";

export type Prepare = (text: string) => PreparedStatement;

const maxStatements = 500;

/**
 * Prepares each statement once. Preparing costs more than running a small statement, and the program has a fixed set of
 * them.
 */
export function cachedPrepare(database: DatabaseSync): Prepare {
  const statements = new Map<string, PreparedStatement>();
  return (text) => {
    if (isUnnamed(text)) return new PreparedStatement(database.prepare(text));
    let statement = statements.get(text);
    if (statement === undefined) {
      if (statements.size >= maxStatements) statements.clear();
      statement = new PreparedStatement(database.prepare(text));
      statements.set(text, statement);
    }
    return statement;
  };
}

class PreparedStatement {
  readonly #statement: StatementSync;
  /** Whether the statement returns rows. */
  readonly reader: boolean;

  constructor(statement: StatementSync) {
    this.#statement = statement;
    this.reader = statement.columns().length > 0;
  }

  all(parameters: readonly unknown[]): unknown[] {
    return this.#statement.all(...(parameters as SQLInputValue[]));
  }

  run(parameters: readonly unknown[]): { changes: number | bigint; lastInsertRowid: number | bigint } {
    return this.#statement.run(...(parameters as SQLInputValue[]));
  }

  iterate(parameters: readonly unknown[]): IterableIterator<unknown> {
    return this.#statement.iterate(...(parameters as SQLInputValue[]));
  }
}
