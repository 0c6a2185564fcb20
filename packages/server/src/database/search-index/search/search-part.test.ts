import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { openOtherConnection } from "../../../testing/other-connection.ts";
import { never, openUploadFixture, type UploadFixture } from "../../../testing/upload-fixture.ts";
import { untilSettled } from "../testing/settled.ts";
import { bounds } from "./bounds.ts";
import { findCandidates } from "./candidates.ts";
import { countByParts } from "./count-objects.ts";
import { everything } from "./criteria.ts";
import { findPage } from "./find-page.ts";
import { findRows } from "./find-rows.ts";
import { phasesOf } from "./order.ts";
import { comparePositions } from "./positions.ts";
import { type FoundRow, type Search, withFreshRows } from "./search-part.ts";

const names = ["a", "b", "c", "d", "e", "f"];
const [byName] = phasesOf({ key: "NAME", direction: "asc" }, everything);
if (byName === undefined) throw new Error("There is always a phase.");
const all = { phase: byName, from: undefined, skip: 0, count: 10 };

let fixture: UploadFixture;
let other: ReturnType<typeof openOtherConnection>;
beforeEach(async () => {
  fixture = await openUploadFixture();
  other = openOtherConnection(fixture.config);
  // In the order of ids, the names aren't in order.
  for (const name of names.toReversed()) await fixture.upload(name, { fileName: name });
  await untilSettled(fixture.parts.database.reader);
});
afterEach(async () => {
  Object.assign(bounds, usual);
  await other.destroy();
  await fixture.close();
});
const usual = { ...bounds };

function searchUntil(signal: AbortSignal): Search {
  return {
    reader: fixture.parts.database.reader,
    signal,
    scope: 0,
    place: { viewer: fixture.principal.viewer, scope: 0 },
    direction: "asc",
    compare: (one: FoundRow, other: FoundRow) => comparePositions(one, other),
  };
}

async function setSettled(settled: 1 | null, of: readonly string[]): Promise<void> {
  await other.updateTable("catalogue").set({ settled }).where("name", "in", of).execute();
}

test.each([1, 500])(
  "a row that the writer settles during a search is found once, of %i rows at a time",
  async (idsAtOnce) => {
    bounds.idsAtOnce = idsAtOnce;
    const search = searchUntil(never);
    for (const skip of [0, 1, 3, 5]) {
      await setSettled(null, ["a", "c", "d", "f"]);
      const found = await withFreshRows(search, { ...all, skip, count: 2 }, async (part) => {
        await setSettled(1, ["a", "d", "f"]);
        return findRows(search, part);
      });
      expect(found.rows.map(({ key }) => key)).toEqual(names.slice(skip, skip + 2));
    }
  },
);

test("a search that looks at rows one by one lets others go on, and ends when nobody waits for it", async () => {
  bounds.idsAtOnce = 2;
  // A busy writer may settle the rows once more, before the search looks at them.
  await vi.waitFor(async () => {
    await setSettled(null, names);
    const nobody = new AbortController();
    setImmediate(() => nobody.abort(new Error("nobody waits")));
    const found = withFreshRows(searchUntil(nobody.signal), all, () => Promise.reject(new Error("not ended")));
    await expect(found).rejects.toThrow("nobody waits");
  });
});

test("counting lets others go on between samples, until nobody waits for it", async () => {
  Object.assign(bounds, { countedEntries: 1, sampledEntries: 1 });
  const { reader } = fixture.parts.database;
  const criteria = { kind: "condition", field: "isImage", negated: false, value: true } as const;
  const count = (signal: AbortSignal) => countByParts(reader, { viewer: fixture.principal.viewer, criteria }, signal);
  let turns = 0;
  const nobody = new AbortController();
  const nextTurn = () => {
    turns += 1;
    if (turns > names.length + 1) nobody.abort(new Error("nobody waits"));
    else setImmediate(nextTurn);
  };
  expect(await count(never)).toMatchObject({ matching: 0 });
  setImmediate(nextTurn);
  await expect(count(nobody.signal)).rejects.toThrow("nobody waits");
});

test("a search for a thousand tags takes no longer where files have long lists of terms", async () => {
  const { reader } = fixture.parts.database;
  const terms = JSON.stringify(Array.from({ length: 5000 }, (_, index) => `t:tag ${index} of the file`));
  await other.updateTable("catalogue").set({ terms }).execute();
  const values = Array.from({ length: 1000 }, (_, index) => `other ${index}`);
  const criteria = { kind: "condition", field: "tags", negated: true, test: { kind: "among", values } } as const;
  const { viewer } = fixture.principal;
  const sort = { key: "NAME", direction: "asc" } as const;
  const before = process.threadCpuUsage();
  const page = await findPage(reader, { viewer, criteria, sort, limit: 10, skip: 0 }, never);
  const { user } = process.threadCpuUsage(before);
  expect(page.rows).toHaveLength(names.length);
  expect(user / 1000).toBeLessThan(100);
});

test("long lists of candidates are counted in turns, until nobody waits for the search", async () => {
  const { reader } = fixture.parts.database;
  const { viewer } = fixture.principal;
  const blobs = await reader.selectFrom("blobs").select("id").execute();
  const operands = blobs.map(
    ({ id: blobId }) => ({ kind: "condition", field: "content", negated: false, blobId }) as const,
  );
  const find = (signal: AbortSignal) =>
    findCandidates(reader, { kind: "and", operands }, { viewer, scope: 0 }, { timed: 0, other: 0 }, signal);
  expect(await find(never)).toBeUndefined();
  const nobody = new AbortController();
  setImmediate(() => nobody.abort(new Error("nobody waits")));
  await expect(find(nobody.signal)).rejects.toThrow("nobody waits");
});
