import { registerHooks } from "node:module";
import { pathToFileURL } from "node:url";
import { workerData } from "node:worker_threads";

// Preloaded into the processes of unit tests and their threads. Has the thread that writes to SQLite come from the
// server's bundle. From the sources each of hundreds of tests loads the thread's modules anew, which takes a third of
// the processor time of such a test.

const program = process.env.SLUICE_TEST_PROGRAM;
const source = new URL("../../packages/server/src/", import.meta.url).href;

/** Modules of the thread, each with its place in the bundle. */
const inBundle: Readonly<Record<string, string>> = {
  [`${source}database/sqlite/writer-thread.ts`]: "writer-thread.js",
  [`${source}app/transactions.ts`]: "transactions.js",
};

// The thread of a test that has transactions of its own still comes from the sources.
if (program && workerData?.transactionsUrl === `${source}app/transactions.ts`) {
  registerHooks({
    resolve(specifier, context, nextResolve) {
      const resolved = nextResolve(specifier, context);
      const name = inBundle[resolved.url];
      return name === undefined
        ? resolved
        : { ...resolved, url: new URL(name, pathToFileURL(program)).href, format: "module" };
    },
  });
}
