import type { IncomingHttpHeaders } from "node:http";
import { LRUCache } from "lru-cache";
import { findDeliveryState, isSameState } from "../database/repositories/delivery-states.ts";
import { revisionOf } from "../database/revision.ts";
import type { Answer, DeliveryRequest, Grounds } from "./answers/delivery.ts";
import type { DeliveryNeeds } from "./needs.ts";

interface RememberingNeeds extends Pick<DeliveryNeeds, "database"> {
  readonly derived: Pick<DeliveryNeeds["derived"], "recall">;
}

interface Remembered {
  readonly headers: Answer["headers"];
  readonly grounds: Grounds;
  /** The database's revision when the grounds were last checked against it. */
  revision: number | undefined;
}

/** The part of a request by which its answer is remembered. */
type Asked = Pick<DeliveryRequest, "target" | "headers">;

/** A remembered answer, of status 200. */
export interface RecalledAnswer {
  readonly accountId: string;
  readonly headers: Answer["headers"];
  readonly bytes: Uint8Array;
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
   * Returns the remembered answer if nothing at all has changed since it was last valid. The database can tell that
   * without a query.
   */
  recall(request: Asked): RecalledAnswer | undefined {
    const known = this.#find(request);
    if (known?.revision === undefined) return undefined;
    return known.revision === revisionOf(this.#needs.database.reader) ? this.#answer(known) : undefined;
  }

  /**
   * Returns the remembered answer if one query for each of its files shows that everything it depends on is unchanged.
   * @returns undefined where the answer has to be worked out
   */
  async check(request: DeliveryRequest): Promise<Answer | undefined> {
    const known = this.#find(request);
    if (known === undefined) return undefined;
    const { reader } = this.#needs.database;
    const { place, state, layers } = known.grounds;
    // The revision is read before the query, so that a commit after the query makes the next revision a different one.
    const revision = revisionOf(reader);
    for (const found of [{ place, state }, ...layers]) {
      const now = await findDeliveryState(reader, found.place);
      if (now === undefined || !isSameState(now, found.state)) return undefined;
    }
    known.revision = revision;
    const recalled = this.#answer(known);
    if (recalled === undefined) return undefined;
    const { accountId, headers, bytes } = recalled;
    request.onAccount?.(accountId);
    return { status: 200, headers, body: bytes, cache: "hit" };
  }

  keep(request: DeliveryRequest, { status, headers, grounds }: Answer): void {
    if (status !== 200 || grounds === undefined || !isPlain(request.headers)) return;
    const key = keyOf(request);
    if (key.length <= maxKeyLength) this.#known.set(key, { headers, grounds, revision: undefined });
  }

  #find(request: Asked): Remembered | undefined {
    return isPlain(request.headers) ? this.#known.get(keyOf(request)) : undefined;
  }

  #answer({ headers, grounds }: Remembered): RecalledAnswer | undefined {
    const derived = this.#needs.derived.recall(grounds.key);
    if (derived?.digest !== grounds.digest) return undefined;
    return { accountId: grounds.accountId, headers, bytes: derived.data };
  }
}

/** The method is not part of the key, because HEAD is answered like GET. */
function keyOf({ target, headers: { accept = "", "accept-encoding": codings = "" } }: Asked): string {
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
