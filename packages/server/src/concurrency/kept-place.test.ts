import fc from "fast-check";
import { expect, test } from "vitest";
import { mayBegin, type WorkClass } from "./kept-place.ts";

/** The classes of works that may begin while these places are held. */
function begins(all: number, long: number, places: number, extraPlaces: number): WorkClass[] {
  return (["cheap", "doubtful", "dear"] as const).filter((each) =>
    mayBegin[each]({ all, long }, { places, extraPlaces }),
  );
}

test.each([
  // all, long, places, extra places
  [0, 0, 2, 2, ["cheap", "doubtful", "dear"]],
  [1, 0, 2, 2, ["cheap", "doubtful", "dear"]],
  [1, 1, 2, 2, ["cheap", "doubtful"]],
  [2, 0, 2, 2, []],
  [2, 1, 2, 2, ["cheap"]],
  [2, 2, 2, 2, ["cheap"]],
  [3, 1, 2, 2, []],
  [3, 2, 2, 2, ["cheap"]],
  [4, 4, 2, 2, []],
  [1, 1, 2, 0, ["cheap"]],
  [2, 2, 2, 0, []],
  [0, 0, 1, 0, ["cheap", "doubtful", "dear"]],
  [1, 1, 1, 1, ["cheap"]],
  [2, 2, 3, 1, ["cheap", "doubtful"]],
] as const)(
  "with %i held, %i by long works, of %i and %i extra places, %j may begin",
  (all, long, places, extra, may) => {
    expect(begins(all, long, places, extra)).toEqual(may);
  },
);

test("there are never more works than places with the extra ones, and dear works leave a place wherever there are two", () => {
  const counts = { all: fc.nat({ max: 8 }), long: fc.nat({ max: 8 }) };
  const rooms = { places: fc.integer({ min: 1, max: 4 }), extraPlaces: fc.nat({ max: 2 }) };
  fc.assert(
    fc.property(fc.record({ ...counts, ...rooms }), ({ all, long, places, extraPlaces }) => {
      fc.pre(long <= all);
      const may = begins(all, long, places, extraPlaces);
      if (all >= places + extraPlaces) expect(may).toEqual([]);
      if (all < places && long === 0) expect(may).toEqual(["cheap", "doubtful", "dear"]);
      if (places > 1 && long >= places - 1) expect(may).not.toContain("dear");
      if (may.includes("dear")) expect(may).toContain("doubtful");
      if (may.includes("doubtful")) expect(may).toContain("cheap");
    }),
  );
});
