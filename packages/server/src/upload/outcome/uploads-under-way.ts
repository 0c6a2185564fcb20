import type { Config } from "../../config/config.ts";
import type { Database } from "../../database/database.ts";
import type { TokenKey } from "../../database/repositories/used-tokens.ts";
import { abandonToken } from "../ledger/token-transactions.ts";
import { keyOfDigest } from "../resumable/sessions/session.ts";

interface UnderWay {
  readonly ended: Promise<void>;
  readonly end: () => void;
}

/** Lists this process's uploads with a token, from when their form has been received until they succeed or fail. */
export class UploadsUnderWay {
  readonly #byDigest = new Map<string, UnderWay | undefined>();

  /** @returns a function to call when the upload ends */
  begin(digest: Uint8Array): () => void {
    const key = keyOfDigest(digest);
    this.#byDigest.set(key, undefined);
    return () => {
      this.#byDigest.get(key)?.end();
      this.#byDigest.delete(key);
    };
  }

  /** Resolves when the token's upload ends; undefined when no such upload is under way. */
  endOf(digest: Uint8Array): Promise<void> | undefined {
    const key = keyOfDigest(digest);
    if (!this.#byDigest.has(key)) return undefined;
    let underWay = this.#byDigest.get(key);
    if (underWay === undefined) {
      const { promise, resolve } = Promise.withResolvers<void>();
      underWay = { ended: promise, end: resolve };
      this.#byDigest.set(key, underWay);
    }
    return underWay.ended;
  }
}

type Processes = Pick<Config, "databaseUrl" | "workers">;

interface GiveUpDeps {
  readonly config: Processes;
  readonly database: Pick<Database, "run">;
}

/** Whether an upload that this process doesn't know may be under way in another process. */
export function hasOtherProcesses({ workers, databaseUrl }: Processes): boolean {
  return workers > 1 || databaseUrl !== undefined;
}

/**
 * Records that the upload with this token has failed. This process would know that by itself when asked for the
 * outcome. Other processes would wait for an upload that may still be under way, unless the ledger says that it is not.
 */
export function giveUp({ config, database }: GiveUpDeps, token: TokenKey): void {
  if (!hasOtherProcesses(config)) return;
  // The refused client does not wait for this write. If the write fails, other processes only wait longer.
  database.run(abandonToken, token).catch(() => undefined);
}
