import type { IncomingHttpHeaders } from "node:http";
import { LRUCache } from "lru-cache";
import { findDeliveryState, isSameState } from "../database/repositories/delivery-states.ts";
import type { Answer, AnswerValidity, DeliveryRequest } from "./delivery.ts";
import type { DeliveryDeps } from "./deps.ts";

interface RememberingDeps extends Pick<DeliveryDeps, "database"> {
  readonly derived: Pick<DeliveryDeps["derived"], "recall">;
}

interface Remembered {
  readonly headers: Answer["headers"];
  readonly validity: AnswerValidity;
}

const maxAnswers = 4096;
const maxKeyLength = 2048;

/**
 * Remembers answers with derived files, by the request that they answered. Working out again what a URL means takes
 * longer than sending a small picture. The database is asked each time whether the answer is still valid. So every
 * request checks who may see the file, and a change of access applies at once.
 */
export class RememberedAnswers {
  readonly #deps: RememberingDeps;
  readonly #known = new LRUCache<string, Remembered>({ max: maxAnswers });

  constructor(deps: RememberingDeps) {
    this.#deps = deps;
  }

  /**
   * Returns the remembered answer if one query for each of its files shows that everything it depends on is unchanged.
   * @returns undefined where the answer has to be worked out
   */
  async check(request: DeliveryRequest): Promise<Answer | undefined> {
    const known = isPlain(request.headers) ? this.#known.get(keyOf(request)) : undefined;
    if (known === undefined) return undefined;
    const { reader } = this.#deps.database;
    const { headers, validity } = known;
    const { address, state, layers } = validity;
    for (const found of [{ address, state }, ...layers]) {
      const now = await findDeliveryState(reader, found.address);
      if (now === undefined || !isSameState(now, found.state)) return undefined;
    }
    const derived = this.#deps.derived.recall(validity.key);
    if (derived?.digest !== validity.digest) return undefined;
    request.onAccount?.(validity.accountId);
    return { status: 200, headers, body: derived.data, cache: "hit" };
  }

  keep(request: DeliveryRequest, { status, headers, validity }: Answer): void {
    if (status !== 200 || validity === undefined || !isPlain(request.headers)) return;
    const key = keyOf(request);
    if (key.length <= maxKeyLength) this.#known.set(key, { headers, validity });
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
