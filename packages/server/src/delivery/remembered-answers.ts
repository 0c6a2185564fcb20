import type { IncomingHttpHeaders } from "node:http";
import { LRUCache } from "lru-cache";
import { type DeliveryPlace, type DeliveryState, findDeliveryState } from "../database/repositories/delivery-states.ts";
import type { Services } from "../services.ts";
import type { Answer } from "./answer.ts";
import type { DeliveryRequest } from "./deliver.ts";

/** What an answer rests on, besides the URL and the headers that it was asked with. */
export interface Grounds {
  readonly place: DeliveryPlace;
  readonly state: DeliveryState;
  /** Of the bytes, as the cache has them. */
  readonly key: string;
  readonly digest: string;
}

interface RememberingServices {
  readonly database: Pick<Services["database"], "reader">;
  readonly derived: Pick<Services["derived"], "recall">;
}

interface Remembered {
  readonly headers: Answer["headers"];
  readonly grounds: Grounds;
}

const mostAnswers = 4096;
const longestKey = 2048;

/**
 * Answers with derived files, by what they were asked with. Working out again what a URL means takes longer than sending
 * a small picture. Whether the answer still holds is asked of the database each time, in one look at all that it
 * depends on: who may see a file is settled on every request, and a change of it holds at once.
 */
export class RememberedAnswers {
  readonly #services: RememberingServices;
  readonly #known = new LRUCache<string, Remembered>({ max: mostAnswers });

  constructor(services: RememberingServices) {
    this.#services = services;
  }

  /** Undefined where the answer has to be worked out. */
  async recall(request: DeliveryRequest): Promise<Answer | undefined> {
    const known = this.#known.get(keyOf(request));
    if (known === undefined || !isPlain(request.headers)) return undefined;
    const { database, derived } = this.#services;
    const { place, state, key, digest } = known.grounds;
    const now = await findDeliveryState(database.reader, place);
    if (now === undefined || !isSame(now, state)) return undefined;
    const bytes = derived.recall(key);
    if (bytes?.digest !== digest) return undefined;
    return { status: 200, headers: known.headers, body: bytes.data };
  }

  keep(request: DeliveryRequest, { status, headers, grounds }: Answer): void {
    if (status !== 200 || grounds === undefined || !isPlain(request.headers)) return;
    const key = keyOf(request);
    if (key.length <= longestKey) this.#known.set(key, { headers, grounds });
  }
}

/** HEAD is answered like GET. */
function keyOf({ target, headers: { accept = "", "accept-encoding": codings = "" } }: DeliveryRequest): string {
  return `${target}\n${accept}\n${codings}`;
}

/** Whether the request says nothing but which formats and codings it takes: only then is the key all that it says. */
function isPlain(headers: IncomingHttpHeaders): boolean {
  return !telling.some((name) => headers[name] !== undefined);
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

function isSame(one: DeliveryState, other: DeliveryState): boolean {
  return (
    one.version_id === other.version_id &&
    one.purges === other.purges &&
    one.updated_at === other.updated_at &&
    one.file_updated_at === other.file_updated_at &&
    one.is_published === other.is_published &&
    one.is_private_file === other.is_private_file &&
    one.custom_coordinates === other.custom_coordinates &&
    one.account_status === other.account_status &&
    one.delivery_switches === other.delivery_switches
  );
}
