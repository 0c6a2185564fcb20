import { afterAll, beforeAll, expect, test } from "vitest";
import { describeEngines } from "../../../testing/engines.ts";
import { createFilesApp, type FilesApp } from "./testing/files-app.ts";
import type { LibraryObject } from "./testing/search/library-object.ts";
import { fillLibrary } from "./testing/search/random-library.ts";
import { readLibrary } from "./testing/search/read-library.ts";
import { assertSearches } from "./testing/search/search-promises.ts";

describeEngines((engine) => {
  let app: FilesApp;
  let objects: LibraryObject[];

  beforeAll(async () => {
    app = await createFilesApp(engine);
    await fillLibrary(app, { uploads: 80, seed: 1 });
    objects = await readLibrary(app);
  }, 60_000);
  afterAll(() => app.close());

  test("the library has objects of every type", () => {
    const types = objects.map(({ type }) => type);
    for (const type of ["file", "file-version", "folder"] as const) {
      expect(types.filter((one) => one === type).length).toBeGreaterThan(3);
    }
  });

  test("random searches find what a model in memory finds, in the same order", async () => {
    await assertSearches(app, objects, { numRuns: 150, seed: 2 });
  }, 60_000);
});
