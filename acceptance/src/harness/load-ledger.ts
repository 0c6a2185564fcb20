import type { Acknowledged } from "./acknowledged.ts";

export interface LoadResult {
  /** Requests that were answered as they should be, by what they were. */
  readonly answered: Readonly<Record<string, number>>;
  /** Requests that got no answer, or another one than they should have. None is sent a second time. */
  readonly failures: readonly string[];
  /** Every upload that was answered with success. */
  readonly stored: readonly Acknowledged[];
  /** The longest time that a request took, without those that are slow by themselves. */
  readonly longestMs: number;
}

export interface StoredFile extends Acknowledged {
  /** The path of its URL. */
  readonly path: string;
}

/** The requests that all clients have sent, and what became of them. */
export class Ledger {
  readonly #answered: Record<string, number> = {};
  readonly #failures: string[] = [];
  readonly #stored: StoredFile[] = [];
  #longestMs = 0;
  total = 0;

  count(what: string, ms: number): void {
    this.total++;
    this.#answered[what] = (this.#answered[what] ?? 0) + 1;
    this.#longestMs = Math.max(this.#longestMs, ms);
  }

  fail(line: string): void {
    this.#failures.push(line);
  }

  acknowledge(bytes: Buffer, content: Buffer): StoredFile {
    const { fileId, versionInfo, url } = JSON.parse(bytes.toString());
    const file = { fileId, versionId: versionInfo.id, content, path: new URL(url).pathname };
    this.#stored.push(file);
    return file;
  }

  /** A file of which no other version is made. */
  anyStored(number: number): StoredFile | undefined {
    const single = this.#stored.filter(({ path }) => !path.includes("/over-"));
    return single[number % Math.max(single.length, 1)];
  }

  result(): LoadResult {
    return {
      answered: this.#answered,
      failures: this.#failures,
      stored: this.#stored,
      longestMs: Math.round(this.#longestMs),
    };
  }
}
