import fc from "fast-check";
import { expect, test } from "vitest";
import { mayBegin, type WorkClass } from "./kept-place.ts";

/** The classes of works that may begin while these places are held. */
function begins(all: number, long: number, dear: number, places: number, extraPlaces: number): WorkClass[] {
  return (["cheap", "doubtful", "dear"] as const).filter((each) =>
    mayBegin[each]({ all, long, dear }, { places, extraPlaces }),
  );
}

test.each([
  // all, long, dear, places, extra places
  [0, 0, 0, 2, 2, ["cheap", "doubtful", "dear"]],
  [1, 0, 0, 2, 2, ["cheap", "doubtful", "dear"]],
  [1, 1, 1, 2, 2, ["cheap", "doubtful"]],
  [1, 1, 0, 2, 2, ["cheap", "doubtful", "dear"]],
  [2, 0, 0, 2, 2, []],
  [2, 1, 1, 2, 2, ["cheap"]],
  [2, 2, 1, 2, 2, ["cheap"]],
  [3, 1, 1, 2, 2, []],
  [3, 2, 1, 2, 2, ["cheap"]],
  [4, 4, 1, 2, 2, []],
  [1, 1, 1, 2, 0, ["cheap"]],
  [2, 2, 1, 2, 0, []],
  [0, 0, 0, 1, 0, ["cheap", "doubtful", "dear"]],
  [1, 1, 1, 1, 1, ["cheap"]],
  [2, 2, 1, 3, 1, ["cheap", "doubtful", "dear"]],
] as const)(
  "with %i held, %i by long and %i by dear works, of %i and %i extra places, %j may begin",
  (all, long, dear, places, extra, may) => {
    expect(begins(all, long, dear, places, extra)).toEqual(may);
  },
);

test("no more works run than places and extra ones, and dear works leave a place wherever there are two", () => {
  const counts = { all: fc.nat({ max: 8 }), long: fc.nat({ max: 8 }), dear: fc.nat({ max: 8 }) };
  const rooms = { places: fc.integer({ min: 1, max: 4 }), extraPlaces: fc.nat({ max: 2 }) };
  fc.assert(
    fc.property(fc.record({ ...counts, ...rooms }), ({ all, long, dear, places, extraPlaces }) => {
      fc.pre(long <= all && dear <= long);
      const may = begins(all, long, dear, places, extraPlaces);
      if (all >= places + extraPlaces) expect(may).toEqual([]);
      if (all < places && long === 0) expect(may).toEqual(["cheap", "doubtful", "dear"]);
      if (places > 1 && dear >= places - 1) expect(may).not.toContain("dear");
      if (may.includes("doubtful")) expect(may).toContain("cheap");
    }),
  );
});
