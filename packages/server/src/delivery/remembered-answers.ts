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
  /** Of the database, when the grounds were last seen in it. */
  revision: number | undefined;
}

const mostAnswers = 4096;
const longestKey = 2048;

/**
 * Answers with derived files, by what they were asked with. Working out again what a URL means takes longer than sending
 * a small picture. Whether the answer still holds is asked of the database each time: who may see a file is settled on
 * every request, and a change of it holds at once.
 */
export class RememberedAnswers {
  readonly #needs: RememberingNeeds;
  readonly #known = new LRUCache<string, Remembered>({ max: mostAnswers });

  constructor(needs: RememberingNeeds) {
    this.#needs = needs;
  }

  /** The answer where nothing at all has changed since it was last right, as the database can tell without a query. */
  recall(request: DeliveryRequest): Answer | undefined {
    const known = this.#find(request);
    if (known?.revision === undefined) return undefined;
    return known.revision === revisionOf(this.#needs.database.reader) ? this.#answer(known) : undefined;
  }

  /** The answer where one look shows that all it depends on is as it was; undefined where it has to be worked out. */
  async check(request: DeliveryRequest): Promise<Answer | undefined> {
    const known = this.#find(request);
    if (known === undefined) return undefined;
    const { reader } = this.#needs.database;
    const { place, state } = known.grounds;
    // Before the look: what is committed after it makes the next revision another one.
    const revision = revisionOf(reader);
    const now = await findDeliveryState(reader, place);
    if (now === undefined || !isSameState(now, state)) return undefined;
    known.revision = revision;
    return this.#answer(known);
  }

  keep(request: DeliveryRequest, { status, headers, grounds }: Answer): void {
    if (status !== 200 || grounds === undefined || !isPlain(request.headers)) return;
    const key = keyOf(request);
    if (key.length <= longestKey) this.#known.set(key, { headers, grounds, revision: undefined });
  }

  #find(request: DeliveryRequest): Remembered | undefined {
    return isPlain(request.headers) ? this.#known.get(keyOf(request)) : undefined;
  }

  #answer({ headers, grounds: { key, digest } }: Remembered): Answer | undefined {
    const bytes = this.#needs.derived.recall(key);
    return bytes?.digest === digest ? { status: 200, headers, body: bytes.data } : undefined;
  }
}

/** HEAD is answered like GET. */
function keyOf({ target, headers: { accept = "", "accept-encoding": codings = "" } }: DeliveryRequest): string {
  return `${target}\n${accept}\n${codings}`;
}

/** Whether the request says nothing but which formats and codings it takes: only then is the key all that it says. */
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
