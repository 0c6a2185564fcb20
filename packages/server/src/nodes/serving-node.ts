import { closeMs, endedWithin } from "../concurrency/ended-within.ts";
import type { Database } from "../database/database.ts";
import { version } from "../observability/version.ts";
import { endNode, tellNode } from "./node-transactions.ts";
import { featureLevel, outdatedError } from "./restricting-features.ts";

interface NodeDeps {
  readonly database: Pick<Database, "run">;
  /** A name that no other node has. */
  readonly id: string;
  /** The setting that leads to the database, and the database, for the one line of a refusal. */
  readonly place: string;
  /** The clock, in Unix milliseconds. */
  readonly now: () => number;
  /** The version and the level of this program, unless a test says otherwise. */
  readonly program?: { readonly version: string; readonly level: number };
}

/** A node counts as dead a minute after it was last seen, so some of these may fail. */
const tellMs = 10_000;

/**
 * This process's entry among the nodes of the library: servers, supervisors of workers, and `sluice worker`. It says
 * every ten seconds that the process lives, which is one small transaction on either engine.
 */
export class ServingNode {
  readonly #deps: NodeDeps;
  readonly #outdated = new AbortController();
  readonly #timer: NodeJS.Timeout;
  #telling: Promise<void> | undefined;

  /** @throws ConfigError when the library is used with features that this program doesn't know; DatabaseError */
  static async register(deps: NodeDeps): Promise<ServingNode> {
    const node = new ServingNode(deps);
    try {
      await node.#tell();
      node.outdated.throwIfAborted();
      return node;
    } catch (error) {
      clearInterval(node.#timer);
      throw error;
    }
  }

  private constructor(deps: NodeDeps) {
    this.#deps = deps;
    this.#timer = setInterval(() => this.#tellAgain(), tellMs).unref();
  }

  /** Aborted, with a ConfigError, when this node was silent so long that a feature was switched on that it doesn't know. */
  get outdated(): AbortSignal {
    return this.#outdated.signal;
  }

  /** Removes the entry, once the process serves nobody any more. One that can't be removed counts as dead by itself. */
  async close(): Promise<void> {
    clearInterval(this.#timer);
    const end = async (): Promise<void> => {
      await this.#telling;
      await this.#deps.database.run(endNode, { id: this.#deps.id });
    };
    await endedWithin(
      closeMs,
      end().catch(() => undefined),
    );
  }

  /** The database may be away for a while. Whoever needs it says so. */
  #tellAgain(): void {
    this.#telling ??= this.#tell()
      .catch(() => undefined)
      .finally(() => {
        this.#telling = undefined;
      });
  }

  async #tell(): Promise<void> {
    const { database, id, place, now, program = { version, level: featureLevel } } = this.#deps;
    const floor = await database.run(tellNode, { id, ...program, now: now() });
    if (floor !== undefined) this.#outdated.abort(outdatedError(place, floor, program.version));
  }
}
