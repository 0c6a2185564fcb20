/** The measured times of one thing in one library. */
export interface Figure {
  readonly median: number;
  readonly p99: number;
}

export function figureOf(times: readonly number[]): Figure {
  const sorted = times.toSorted((one, other) => one - other);
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN;
  return { median: at(0.5), p99: at(0.99) };
}

export async function timed(work: () => Promise<void>): Promise<number> {
  const before = performance.now();
  await work();
  return performance.now() - before;
}

/** A table of figures, one row for each thing, with the growth of the median from the smallest library to the largest. */
export class FigureTable {
  readonly #sizes: readonly number[];
  readonly #rows: string[] = [];

  /** @param sizes the libraries' numbers of files, the smallest first */
  constructor(sizes: readonly number[]) {
    this.#sizes = sizes;
  }

  /** @param figures in the order of the sizes */
  add(what: string, figures: readonly Figure[]): void {
    const cells = figures.map(({ median, p99 }) => `${short(median)} / ${short(p99)}`);
    const [first, last] = [figures[0]?.median ?? Number.NaN, figures.at(-1)?.median ?? Number.NaN];
    this.#rows.push(`| ${what} | ${cells.join(" | ")} | ${(last / first).toFixed(2)} |`);
  }

  text(title: string): string {
    const head = this.#sizes.map((size) => `${size.toLocaleString("en")} files`).join(" | ");
    const line = `|---|${this.#sizes.map(() => "--:|").join("")}--:|`;
    return [`${title}, ms: median / 99th percentile`, `| | ${head} | growth |`, line, ...this.#rows, ""].join("\n");
  }
}

function short(number: number): string {
  return number < 10 ? number.toFixed(2) : number.toFixed(0);
}
