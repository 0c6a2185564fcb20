import { expect, test } from "vitest";
import { isId, newId } from "./id.ts";

const moment = 1_795_000_000_000;

test("ids differ although they are made in the same moment", () => {
  const ids = new Set(Array.from({ length: 1000 }, () => newId(moment)));
  expect(ids.size).toBe(1000);
  for (const id of ids) expect(isId(id), id).toBe(true);
});

test("ids begin with the second, and are in the order of their milliseconds", () => {
  const ids = Array.from({ length: 2000 }, (_, milliseconds) => newId(moment + milliseconds));
  expect(ids).toEqual(ids.toSorted());
  expect(Number.parseInt(ids[1500]?.slice(0, 8) ?? "", 16)).toBe(1_795_000_001);
  for (const now of [0, 0.5, 8.64e15]) expect(isId(newId(now)), `at ${now}`).toBe(true);
});
