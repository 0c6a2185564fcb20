import { expect, test } from "vitest";
import { MemoryBudget } from "./memory-budget.ts";

const forever = new AbortController().signal;

/** Takes some, and writes down when it has got it. */
function asker(budget: MemoryBudget) {
  const got: number[] = [];
  return {
    got,
    take: async (bytes: number, signal = forever) => {
      const release = await budget.take(bytes, signal);
      got.push(bytes);
      return release;
    },
  };
}

const settled = () => new Promise<void>((resolve) => setImmediate(resolve));

test("who finds too little left waits, and those who come later behind him", async () => {
  const { got, take } = asker(new MemoryBudget(10));
  const first = await take(4);
  const second = await take(5);
  const large = take(7);
  const small = take(1);
  await settled();
  expect(got).toEqual([4, 5]);
  first();
  // Again, which gives nothing.
  first();
  await settled();
  expect(got).toEqual([4, 5]);
  second();
  (await large)();
  (await small)();
  expect(got).toEqual([4, 5, 7, 1]);
});

test("who wants more than there is has all of it", async () => {
  const { got, take } = asker(new MemoryBudget(10));
  const huge = await take(1000);
  const other = take(1);
  await settled();
  expect(got).toEqual([1000]);
  huge();
  (await other)();
  (await take(10))();
});

test("who goes away lets those behind him pass, and has taken nothing", async () => {
  const { got, take } = asker(new MemoryBudget(10));
  const first = await take(6);
  const gone = new AbortController();
  const leaving = take(8, gone.signal);
  const small = take(4);
  gone.abort(new Error("gone"));
  await expect(leaving).rejects.toThrow("gone");
  const release = await small;
  expect(got).toEqual([6, 4]);
  first();
  release();
  (await take(10))();
});
