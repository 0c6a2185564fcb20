import { expect, test } from "vitest";
import { describeEngines } from "../../../testing/engines.ts";
import { createFilesApp } from "./testing/files-app.ts";
import { fillLibrary } from "./testing/search/random-library.ts";
import { readLibrary } from "./testing/search/read-library.ts";
import { assertSearches } from "./testing/search/search-promises.ts";

/** Libraries of different sizes, each with its own cases. SLUICE_FUZZ_SEED adds to their seeds. */
const libraries = [
  { uploads: 3, seed: 1 },
  { uploads: 60, seed: 2 },
  { uploads: 400, seed: 3 },
];

describeEngines((engine) => {
  test.each(libraries)("a library of $uploads uploads", { timeout: 240_000 }, async ({ uploads, seed }) => {
    const more = seedOfRun();
    const app = await createFilesApp(engine);
    try {
      await fillLibrary(app, { uploads, seed: seed + more });
      const objects = await readLibrary(app);
      // A library without folders or earlier versions would leave half of the searches with nothing to find.
      if (uploads > 3) expect(new Set(objects.map(({ type }) => type)).size).toBe(3);
      await assertSearches(app, objects, { numRuns: 500, seed: seed + more });
    } finally {
      await app.close();
    }
  });
});

/** As in the other fuzz tests: the same cases every time, others by a number, or new ones by the word `random`. */
function seedOfRun(): number {
  const seed = process.env.SLUICE_FUZZ_SEED ?? "0";
  return seed === "random" ? Math.floor(Math.random() * 2 ** 31) : Number(seed);
}
