import { pathToFileURL } from "node:url";
import type { Plugin } from "vitest/config";

type Replacement = readonly [from: RegExp, to: (inBundle: (name: string) => string) => string];

/** The replacements, by the end of the module's path. */
const replacements: Readonly<Record<string, Replacement>> = {
  "/app/open-database.ts": [/(?<=^const transactionsUrl = )[^;]+/m, (inBundle) => inBundle("transactions.js")],
  // The thread of a test that has transactions of its own still comes from the sources.
  "/database/sqlite/writer.ts": [
    /(?<=new URL\()`\.\/writer-thread[^`]+`/,
    (inBundle) =>
      `this.#data.transactionsUrl === ${inBundle("transactions.js")} ? ${inBundle("writer-thread.js")} : "./writer-thread.ts"`,
  ],
};

/**
 * Has unit tests start the thread that writes to SQLite from the server's bundle. From the sources each of hundreds of
 * tests loads the thread's modules anew, which takes a third of the processor time of such a test.
 */
export function writerFromBundle(program: string): Plugin {
  const inBundle = (name: string): string => JSON.stringify(new URL(name, pathToFileURL(program)).href);
  return {
    name: "writer-from-bundle",
    enforce: "pre",
    transform(code, id) {
      const [, replacement] = Object.entries(replacements).find(([end]) => id.endsWith(end)) ?? [];
      if (replacement === undefined) return undefined;
      const [from, to] = replacement;
      if (!from.test(code)) throw new Error(`${id} no longer has what ${from} finds`);
      return code.replace(from, () => to(inBundle));
    },
  };
}
