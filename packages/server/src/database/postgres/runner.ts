import type { CompiledQuery, QueryResult } from "kysely";
import type pg from "pg";
import { Connection, type Engine } from "../connection.ts";
import { OutcomeUnknownError, type Transaction } from "../database.ts";
import { failureOf } from "./failure.ts";
import { historyOf } from "./history.ts";
import type { CommitFate } from "./lost-commit.ts";
import { postgresDialect } from "./postgres-dialect.ts";
import { retrying } from "./retry.ts";
import type { Statements } from "./statement.ts";
import { type Committed, LostCommit, runOnce, type Session, type TransactionMark } from "./transaction.ts";

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
