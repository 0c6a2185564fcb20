import { expect, test } from "vitest";
import { ByteBudget } from "./byte-budget.ts";

test("what there is no room for waits its turn, and no later one overtakes it", async () => {
  const budget = new ByteBudget(10, { users: 10 });
  const order: string[] = [];
  const first = Promise.withResolvers<void>();
  const running = budget.use(8, undefined, () => first.promise);
  const large = budget.use(10, undefined, async () => void order.push("large"));
  const small = budget.use(1, undefined, async () => void order.push("small"));
  await Promise.resolve();
  expect(order).toEqual([]);
  first.resolve();
  await Promise.all([running, large, small]);
  expect(order).toEqual(["large", "small"]);
});

test("more than there is takes all there is", async () => {
  const budget = new ByteBudget(10, { users: 10 });
  expect(await budget.use(1000, undefined, async () => "done")).toBe("done");
  expect(await budget.use(10, undefined, async () => "again")).toBe("again");
});

test("room is given back after a failure too, and nobody who gave up waits for any", async () => {
  const budget = new ByteBudget(10, { users: 10 });
  await expect(budget.use(10, undefined, () => Promise.reject(new Error("failed")))).rejects.toThrow("failed");
  const first = Promise.withResolvers<void>();
  const running = budget.use(10, undefined, () => first.promise);
  const aborter = new AbortController();
  const reason = new Error("gave up");
  const waiting = budget.use(10, aborter.signal, async () => "never");
  const behind = budget.use(10, undefined, async () => "behind");
  aborter.abort(reason);
  await expect(waiting).rejects.toBe(reason);
  await expect(budget.use(1, aborter.signal, async () => "never")).rejects.toBe(reason);
  first.resolve();
  await running;
  expect(await behind).toBe("behind");
});

test("no more are let in at once than there is to be, however little they take", async () => {
  const budget = new ByteBudget(10, { users: 3 });
  const end = Promise.withResolvers<void>();
  let running = 0;
  const all = Array.from({ length: 5 }, () =>
    budget.use(1, undefined, () => {
      running++;
      return end.promise;
    }),
  );
  await new Promise((resolve) => setImmediate(resolve));
  expect(running).toBeLessThanOrEqual(3);
  expect(running).toBeGreaterThan(0);
  end.resolve();
  await Promise.all(all);
  expect(running).toBe(5);
});

const forever = new AbortController().signal;

/** Takes bytes from the budget, and records them once it has got them. */
function asker(budget: ByteBudget) {
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
  const { got, take } = asker(new ByteBudget(10));
  const first = await take(4);
  const second = await take(5);
  const large = take(7);
  const small = take(1);
  await settled();
  expect(got).toEqual([4, 5]);
  first();
  // A second release gives nothing back.
  first();
  await settled();
  expect(got).toEqual([4, 5]);
  second();
  (await large)();
  (await small)();
  expect(got).toEqual([4, 5, 7, 1]);
});

test("who wants more than there is has all of it", async () => {
  const { got, take } = asker(new ByteBudget(10));
  const huge = await take(1000);
  const other = take(1);
  await settled();
  expect(got).toEqual([1000]);
  huge();
  (await other)();
  (await take(10))();
});

test("who goes away lets those behind him pass, and has taken nothing", async () => {
  const { got, take } = asker(new ByteBudget(10));
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

test("an account has its share at most, its works keep their order, and others don't wait for it", async () => {
  const budget = new ByteBudget(10, { accountShare: 0.5 });
  const got: string[] = [];
  const take = async (account: string, bytes: number) => {
    const release = await budget.take(bytes, forever, { account, client: "" });
    got.push(`${account}${bytes}`);
    return release;
  };
  const first = await take("a", 3);
  const large = take("a", 5);
  const small = take("a", 1);
  const other = await take("b", 4);
  await settled();
  expect(got).toEqual(["a3", "b4"]);
  first();
  await settled();
  const third = take("b", 1);
  (await large)();
  await Promise.all([small, third]);
  expect(got).toEqual(["a3", "b4", "a5", "b1", "a1"]);
  other();
});

test("an account's only work may be larger than the account's share, and the whole holds for all of them", async () => {
  const budget = new ByteBudget(64, { accountShare: 0.5 });
  const partyOf = (account: string) => ({ account, client: account });
  const first = await budget.take(40, undefined, partyOf("a"));
  let second = false;
  const waiting = budget.take(40, undefined, partyOf("b")).then((release) => {
    second = true;
    return release;
  });
  await Promise.resolve();
  expect(second).toBe(false);
  first();
  (await waiting)();
});
