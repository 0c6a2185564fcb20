import { afterAll, beforeAll, expect, test } from "vitest";
import { bounds } from "../../../database/search-index/search/bounds.ts";
import { countUnsettled } from "../../../database/search-index/testing/settled.ts";
import { describeEngines } from "../../../testing/engines.ts";
import { createFilesApp, type FilesApp } from "./testing/files-app.ts";
import type { LibraryObject } from "./testing/search/library-object.ts";
import { fillLibrary } from "./testing/search/random-library.ts";
import { readLibrary } from "./testing/search/read-library.ts";
import { assertSearches } from "./testing/search/search-promises.ts";

// With steps this small, a library of a few files is searched in every way in which a large one is.
const usual = { ...bounds };
Object.assign(bounds, {
  statementMs: 10,
  leastEntries: 1,
  firstEntries: 2,
  mostEntries: 5,
  tests: 16,
  firstSkippedEntries: 2,
  skippedEntries: 4,
  stageEntries: 4,
  countedEntries: 5000,
  sampledEntries: 200,
  mostSampledFiles: 10,
  fewCandidates: 1,
  mostCandidates: 12,
  idsAtOnce: 3,
  entriesBeforeCreation: { ofTerms: 10, ofAll: 20 },
  mostFoundByCreation: 4,
} satisfies typeof bounds);
afterAll(() => Object.assign(bounds, usual));

describeEngines((engine) => {
  let app: FilesApp;
  let objects: LibraryObject[];

  beforeAll(async () => {
    app = await createFilesApp(engine, {}, false);
    await fillLibrary(app, { uploads: 80, seed: 4 });
    objects = await readLibrary(app);
    await app.settle();
    if (app.database.reader.engine.settlesLater) await app.unsettle();
  }, 60_000);
  afterAll(() => app.close());

  test("whichever way a search goes, it finds what a model in memory finds, in the same order", async () => {
    const unsettled = await countUnsettled(app.database.reader);
    expect(unsettled > 20).toBe(app.database.reader.engine.settlesLater);
    await assertSearches(app, objects, { numRuns: 60, seed: 5 });
    expect(await countUnsettled(app.database.reader)).toBe(unsettled);
  }, 60_000);
});
