import type { Database } from "../database/database.ts";
import type { KeyPairRow } from "../database/repositories/key-pairs.ts";
import { dayOf } from "../text/day.ts";
import { recordKeyUses } from "./manage-key-pairs.ts";

const flushMs = 5000;

type KeyUsesDatabase = Pick<Database, "run">;

/**
 * Keeps the day of each key pair's last use. A request reads the day together with the pair, so the first use of a day
 * is written and the others cost nothing. Days are written a few seconds later, all together. A process that is killed
 * meanwhile loses only those of pairs that are not used again that day.
 */
export class KeyUses {
  readonly #database: KeyUsesDatabase;
  readonly #days = new Map<string, string>();
  #timer: NodeJS.Timeout | undefined;

  constructor(database: KeyUsesDatabase) {
    this.#database = database;
  }

  /** @param now Unix milliseconds */
  note({ id, last_used_on: known }: Pick<KeyPairRow, "id" | "last_used_on">, now: number): void {
    const day = dayOf(now);
    if (known !== null && known >= day) return;
    this.#days.set(id, day);
    this.#timer ??= setTimeout(() => void this.flush(), flushMs).unref();
  }

  /** Writes the days that are not written yet. When that fails, they are written with the next ones. Never throws. */
  async flush(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    for (const [day, pairs] of Map.groupBy(this.#days, ([, noted]) => noted)) {
      const ids = pairs.map(([id]) => id);
      try {
        await this.#database.run(recordKeyUses, { ids, day });
      } catch {
        continue;
      }
      for (const id of ids) if (this.#days.get(id) === day) this.#days.delete(id);
    }
  }
}
