import { clientOf, type Payers } from "./time-charges.ts";
import { UsedTime } from "./used-time.ts";

/** A work that is under way. */
export interface ExpectedWork {
  readonly payers: Payers;
  /** Whether the work was expected to be cheap when it began. */
  readonly seemedCheap: boolean;
  /** Whether it has used much processor time. */
  readonly isDear: boolean;
}

const memory = { halfLifeMs: 30_000, maxMs: 6000, maxNames: 4096 };

/** A client or file whose surprises took more than this lately is doubted, in milliseconds. */
const muchMs = 1000;

/** The clients and files whose works seemed cheap and were dear. Their next works may be so as well. */
export class Surprises {
  readonly #clients = new UsedTime(memory);
  readonly #files = new UsedTime(memory);

  add({ party, files }: Payers, costMs: number): void {
    this.#clients.add(clientOf(party), costMs);
    for (const file of files) this.#files.add(file, costMs);
  }

  /** Whether the client or a file has surprised lately, or does so right now. */
  areLikely({ party, files }: Payers, running: Iterable<ExpectedWork>): boolean {
    if (this.#clients.of(clientOf(party)) > muchMs || files.some((file) => this.#files.of(file) > muchMs)) return true;
    for (const work of running) {
      if (!isSurprise(work)) continue;
      if (isOf(work, { party }) || files.some((file) => work.payers.files.includes(file))) return true;
    }
    return false;
  }
}

/** Whether the work is one of the client that surprises right now. */
export function surprisesNow({ party }: Pick<Payers, "party">, running: Iterable<ExpectedWork>): boolean {
  for (const work of running) if (isSurprise(work) && isOf(work, { party })) return true;
  return false;
}

function isSurprise({ seemedCheap, isDear }: ExpectedWork): boolean {
  return seemedCheap && isDear;
}

function isOf({ payers }: ExpectedWork, { party }: Pick<Payers, "party">): boolean {
  return clientOf(payers.party) === clientOf(party);
}
