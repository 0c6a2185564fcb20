import { afterEach, beforeEach, expect, test } from "vitest";
import { openOtherConnection } from "../../../testing/other-connection.ts";
import { never, openUploadFixture, type UploadFixture } from "../../../testing/upload-fixture.ts";
import { untilSettled } from "../testing/settled.ts";
import { everything } from "./criteria.ts";
import { findRows } from "./find-rows.ts";
import { phasesOf } from "./order.ts";
import { comparePositions } from "./positions.ts";
import { type FoundRow, type Search, withFreshRows } from "./search-part.ts";

let fixture: UploadFixture;
beforeEach(async () => {
  fixture = await openUploadFixture();
});
afterEach(() => fixture.close());

test("a row that the writer settles during a search is found once", async () => {
  const names = ["a", "b", "c", "d", "e", "f"];
  for (const name of names) await fixture.upload(name, { fileName: name });
  const { reader } = fixture.parts.database;
  await untilSettled(reader);
  const { accountId } = fixture.principal;
  const search: Search = {
    reader,
    signal: never,
    scope: 0,
    place: { accountId, scope: 0 },
    direction: "asc",
    compare: (one: FoundRow, other: FoundRow) => comparePositions(one, other),
  };
  const [phase] = phasesOf({ key: "NAME", direction: "asc" }, everything);
  if (phase === undefined) throw new Error("There is always a phase.");
  const other = openOtherConnection(fixture.config);
  const setSettled = (settled: 1 | null, of: readonly string[]) =>
    other.updateTable("catalogue").set({ settled }).where("name", "in", of).execute();
  try {
    for (const skip of [0, 1, 3, 5]) {
      await setSettled(null, ["a", "c", "d", "f"]);
      const found = await withFreshRows(search, { phase, from: undefined, skip, count: 2 }, async (part) => {
        await setSettled(1, ["a", "d", "f"]);
        return findRows(search, part);
      });
      expect(found.rows.map(({ key }) => key)).toEqual(names.slice(skip, skip + 2));
    }
  } finally {
    await other.destroy();
  }
});
