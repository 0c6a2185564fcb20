import type { IncomingHttpHeaders } from "node:http";
import { LRUCache } from "lru-cache";
import { findDeliveryState, isSameState } from "../database/repositories/delivery-states.ts";
import type { Answer, DeliveryRequest, Dependencies } from "./delivery.ts";
import type { DeliveryNeeds } from "./needs.ts";

interface RememberingNeeds extends Pick<DeliveryNeeds, "database"> {
  readonly derived: Pick<DeliveryNeeds["derived"], "recall">;
}

interface Remembered {
  readonly headers: Answer["headers"];
  readonly dependencies: Dependencies;
}

const maxAnswers = 4096;
const maxKeyLength = 2048;

/**
 * Remembers answers with derived files, by the request that they answered. Working out again what a URL means takes
 * longer than sending a small picture. The database is asked each time whether the answer is still valid. So every
 * request checks who may see the file, and a change of access applies at once.
 */
export class RememberedAnswers {
  readonly #needs: RememberingNeeds;
  readonly #known = new LRUCache<string, Remembered>({ max: maxAnswers });

  constructor(needs: RememberingNeeds) {
    this.#needs = needs;
  }

  /**
   * Returns the remembered answer if one query for each of its files shows that everything it depends on is unchanged.
   * @returns undefined where the answer has to be worked out
   */
  async check(request: DeliveryRequest): Promise<Answer | undefined> {
    const known = isPlain(request.headers) ? this.#known.get(keyOf(request)) : undefined;
    if (known === undefined) return undefined;
    const { reader } = this.#needs.database;
    const { headers, dependencies } = known;
    const { address, state, layers } = dependencies;
    for (const found of [{ address, state }, ...layers]) {
      const now = await findDeliveryState(reader, found.address);
      if (now === undefined || !isSameState(now, found.state)) return undefined;
    }
    const derived = this.#needs.derived.recall(dependencies.key);
    if (derived?.digest !== dependencies.digest) return undefined;
    request.onAccount?.(dependencies.accountId);
    return { status: 200, headers, body: derived.data, cache: "hit" };
  }

  keep(request: DeliveryRequest, { status, headers, dependencies }: Answer): void {
    if (status !== 200 || dependencies === undefined || !isPlain(request.headers)) return;
    const key = keyOf(request);
    if (key.length <= maxKeyLength) this.#known.set(key, { headers, dependencies });
  }
}

/** The method is not part of the key, because HEAD is answered like GET. */
function keyOf({ target, headers: { accept = "", "accept-encoding": codings = "" } }: DeliveryRequest): string {
  return `${target}\n${accept}\n${codings}`;
}

/**
 * Whether the request's headers state only which formats and codings the client takes. Only then does the key cover
 * everything that the answer depends on.
 */
function isPlain(headers: IncomingHttpHeaders): boolean {
  for (const name of telling) if (headers[name] !== undefined) return false;
  return true;
}

const telling = [
  "range",
  "if-range",
  "if-none-match",
  "if-modified-since",
  "save-data",
  "sec-ch-width",
  "sec-ch-dpr",
] as const;
