import type { KyselyPlugin } from "kysely";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openStoredLibrary, type StoredLibrary } from "../../delivery/testing/stored-library.ts";
import { createNamedTransformation, removeNamedTransformation } from "./named-transformation-transactions.ts";
import { NamedTransformations } from "./named-transformations.ts";

let library: StoredLibrary;

beforeAll(async () => {
  library = await openStoredLibrary();
});

afterAll(() => library.close());

/** Rows that are read arrive when they are let through. */
function holdingBack() {
  const read = Promise.withResolvers<void>();
  const through = Promise.withResolvers<void>();
  const plugin: KyselyPlugin = {
    transformQuery: ({ node }) => node,
    async transformResult({ result }) {
      read.resolve();
      await through.promise;
      return result;
    },
  };
  return { plugin, read: read.promise, letThrough: through.resolve };
}

test("a change holds at once, also where a look at what was before it is still under way", async () => {
  const { writer, reader } = library;
  const accountId = await library.addAccount("names");
  const named = { name: "small", transformation: "w-10", enabled: true };
  await createNamedTransformation(writer, { accountId, id: "anId", named, now: 0 });
  const { plugin, read, letThrough } = holdingBack();
  const transformations = new NamedTransformations(reader.withPlugin(plugin));
  const early = transformations.of(accountId, ["small"]);
  await read;
  await removeNamedTransformation(writer, { accountId, id: "anId" });
  transformations.forget(accountId);
  letThrough();
  expect((await early)("small")).toBeDefined();
  expect((await transformations.of(accountId, ["small"]))("small")).toBeUndefined();
});
