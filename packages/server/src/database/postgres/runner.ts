import type { CompiledQuery, QueryResult } from "kysely";
import type pg from "pg";
import { Connection, type Engine } from "../connection.ts";
import { OutcomeUnknownError, type Transaction } from "../database.ts";
import { isUnprepared } from "../prepared.ts";
import { failureOf, retrying } from "./failure.ts";
import { type CommitFate, historyOf } from "./lost-commit.ts";
import { postgresDialect } from "./postgres-dialect.ts";
import { type Committed, LostCommit, runOnce, type Session, type TransactionMark } from "./transaction.ts";

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
    if (isUnprepared(text)) return undefined;
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

type ResolveCommit = (mark: TransactionMark) => Promise<CommitFate>;

/**
 * Runs scripts on the pool's connections. It runs a script again only where that is safe: when the script is known not
 * to be committed.
 */
export class Runner {
  readonly #pool: pg.Pool;
  readonly #resolve: ResolveCommit;
  readonly #statements: Statements;
  readonly #engine: Engine;
  readonly #sessions = new WeakMap<pg.PoolClient, Session>();

  /** @param resolve finds out what became of a transaction whose COMMIT got no answer */
  constructor(pool: pg.Pool, resolve: ResolveCommit, statements: Statements, engine: Engine) {
    this.#pool = pool;
    this.#resolve = resolve;
    this.#statements = statements;
    this.#engine = engine;
  }

  async run<Input, Output>(script: Transaction<Input, Output>, input: Input): Promise<Committed<Output>> {
    return retrying(async () => {
      try {
        return await this.#once(async (client) => runOnce(client, await this.#sessionOf(client), script, input));
      } catch (error) {
        if (error instanceof LostCommit) return this.#settle<Output>(error);
        throw error;
      }
    });
  }

  /** Runs one statement that changes nothing. */
  read(query: CompiledQuery): Promise<QueryResult<never>> {
    return retrying(() => this.#once((client) => this.#statements.execute(client, query)));
  }

  async #once<Result>(use: (client: pg.PoolClient) => Promise<Result>): Promise<Result> {
    const client = await this.#pool.connect();
    let broken = false;
    try {
      return await use(client);
    } catch (error) {
      broken = error instanceof LostCommit || failureOf(error) === "lost";
      throw error;
    } finally {
      client.release(broken);
    }
  }

  async #settle<Output>(lost: LostCommit): Promise<Committed<Output>> {
    const status = await this.#resolve(lost.mark);
    if (status === "committed") return lost.result as Committed<Output>;
    if (status === "aborted") throw lost.cause;
    throw new OutcomeUnknownError("The connection to the database was lost during COMMIT.", { cause: lost.cause });
  }

  async #sessionOf(client: pg.PoolClient): Promise<Session> {
    let session = this.#sessions.get(client);
    if (session === undefined) {
      const execute = (query: CompiledQuery) => this.#statements.execute(client, query);
      const connection = new Connection(this.#engine, postgresDialect(execute));
      session = { connection, history: await historyOf(client) };
      this.#sessions.set(client, session);
    }
    return session;
  }
}
