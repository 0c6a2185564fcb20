import type { CompiledQuery, QueryResult } from "kysely";
import type pg from "pg";
import { isUnnamed } from "../unnamed.ts";

/** The program has a fixed set of statements. A list of varying length may make more of them. */
const maxNamedStatements = 500;

/**
 * Runs compiled queries. Each is prepared once on every connection, because planning a small query costs more than
 * running it.
 */
export class Statements {
  readonly #names = new Map<string, string>();

  async execute(client: pg.ClientBase, query: CompiledQuery): Promise<QueryResult<never>> {
    // PostgreSQL refuses to look for a value that no row can hold, and that refusal fails the transaction.
    if (query.sql.startsWith("select") && query.parameters.some(hasNul)) return { rows: [] };
    const { command, rowCount, rows } = await client.query({
      name: this.#nameOf(query.sql),
      text: query.sql,
      values: [...query.parameters],
    });
    return changes.has(command)
      ? { rows: rows as never[], numAffectedRows: BigInt(rowCount ?? 0) }
      : { rows: rows as never[] };
  }

  #nameOf(text: string): string | undefined {
    if (isUnnamed(text)) return undefined;
    const known = this.#names.get(text);
    if (known !== undefined || this.#names.size >= maxNamedStatements) return known;
    const name = `s${this.#names.size}`;
    this.#names.set(text, name);
    return name;
  }
}

function hasNul(value: unknown): boolean {
  return typeof value === "string" && value.includes("\0");
}

const changes: ReadonlySet<string> = new Set(["INSERT", "UPDATE", "DELETE", "MERGE"]);
