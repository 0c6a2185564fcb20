import { expect, test } from "vitest";
import { FairLine, type Party } from "./fair-line.ts";

function party(text: string): Party {
  const [account = "", client = ""] = text.split("/");
  return { account, client };
}

function lineOf(...entries: readonly string[]): FairLine<string> {
  const line = new FairLine<string>();
  for (const entry of entries) line.join(party(entry), entry);
  return line;
}

function rest(line: FairLine<string>): string[] {
  const order: string[] = [];
  for (let item = line.next(); item !== undefined; item = line.next()) order.push(item);
  expect(line.size).toBe(0);
  return order;
}

test("those of one client come in their order", () => {
  expect(rest(lineOf("a/x/1", "a/x/2", "a/x/3"))).toEqual(["a/x/1", "a/x/2", "a/x/3"]);
});

test("clients of an account take turns", () => {
  const line = lineOf("a/x/1", "a/x/2", "a/x/3", "a/y/1", "a/y/2");
  expect(rest(line)).toEqual(["a/x/1", "a/y/1", "a/x/2", "a/y/2", "a/x/3"]);
});

test("accounts take turns, however many clients they have", () => {
  const line = lineOf("a/x/1", "a/y/1", "a/z/1", "b/x/1", "b/x/2");
  expect(rest(line)).toEqual(["a/x/1", "b/x/1", "a/y/1", "b/x/2", "a/z/1"]);
});

test("whoever comes while others wait isn't behind all that they have brought", () => {
  const line = lineOf("a/x/1", "a/x/2", "a/x/3");
  expect(line.next()).toBe("a/x/1");
  line.join(party("b/y"), "b/y/1");
  expect([line.next(), line.next()]).toEqual(["a/x/2", "b/y/1"]);
});

test("a party that may not have its turn holds up nobody behind it", () => {
  const line = lineOf("a/x/1", "a/y/1", "b/x/1");
  expect(line.next(({ client }) => client !== "x")).toBe("a/y/1");
  expect(line.next(() => false)).toBeUndefined();
  expect(rest(line)).toEqual(["b/x/1", "a/x/1"]);
});

test("what a party may have its turn with is the first that it has in the line", () => {
  const line = lineOf("a/x/1", "a/x/2", "b/x/2");
  expect(line.next((_, first) => first.endsWith("2"))).toBe("b/x/2");
  expect(line.next((_, first) => first.endsWith("2"))).toBeUndefined();
  expect([...line]).toEqual([[party("a/x"), new Set(["a/x/1", "a/x/2"])]]);
  expect([line.has(party("a/x")), line.has(party("a/y")), line.has(party("b/x"))]).toEqual([true, false, false]);
});

test("whoever leaves is gone", () => {
  const line = lineOf("a/x/1", "a/y/1");
  expect(line.leave(party("a/x"), "a/x/1")).toBe(true);
  expect(line.leave(party("a/x"), "a/x/1")).toBe(false);
  expect(line.leave(party("b/x"), "b/x/1")).toBe(false);
  expect([line.size, ...rest(line)]).toEqual([1, "a/y/1"]);
});

test.each([
  ["b/x", ["a/x/1", "a/x/2", "a/x/3"], "a/x/3"],
  ["a/y", ["a/x/1", "a/x/2", "a/x/3"], "a/x/3"],
  ["b/x", ["a/x/1", "a/y/1", "a/y/2", "b/z/1"], "a/y/2"],
  ["a/x", ["a/x/1", "a/x/2", "a/x/3"], undefined],
  ["b/x", ["a/x/1"], undefined],
  ["b/x", ["a/x/1", "a/x/2", "b/y/1"], undefined],
  ["a/y", ["a/x/1", "a/x/2", "a/y/1"], undefined],
  ["a/x", [], undefined],
] as const)(
  "where there is no more room, one of %s's takes the place of whoever of %j has most: %s",
  (newcomer, entries, gone) => {
    const line = lineOf(...entries);
    expect(line.displaceFor(party(newcomer))).toBe(gone);
    expect(line.size).toBe(entries.length - (gone === undefined ? 0 : 1));
  },
);
