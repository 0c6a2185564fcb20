import fc from "fast-check";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { type ChargedWork, type Payers, TimeCharges, UsedTime } from "./used-time.ts";

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["performance"] });
});
afterEach(() => {
  vi.useRealTimers();
});

const options = { halfLifeMs: 1000, maxMs: 5000, maxNames: 100 };

test("half of what a name has used is forgotten after a half-life", () => {
  const used = new UsedTime(options);
  used.add("a", 800);
  used.add("a", 200);
  expect([used.of("a"), used.of("b")]).toEqual([1000, 0]);
  vi.advanceTimersByTime(1000);
  expect(used.of("a")).toBeCloseTo(500);
  used.add("a", 100);
  vi.advanceTimersByTime(2000);
  expect(used.of("a")).toBeCloseTo(150);
});

test("whatever a name has used, it is forgotten in a bounded time", () => {
  const used = new UsedTime(options);
  for (let count = 0; count < 100; count++) used.add("a", 4000);
  expect(used.of("a")).toBe(5000);
  vi.advanceTimersByTime(6000);
  expect(used.of("a")).toBeLessThan(100);
});

test("any number of names takes no more room, and a name with much time doesn't lose it to them", () => {
  const used = new UsedTime(options);
  used.add("debtor", 4000);
  const most = Math.max(
    ...Array.from({ length: 2 }, (_, round) => {
      for (let count = 0; count < 100_000; count++) used.add(`2001:db8:${round}:${count}::`, 1);
      return used.size;
    }),
  );
  expect(most).toBeLessThanOrEqual(100);
  expect(used.of("debtor")).toBe(4000);
});

test("what a forgotten name loses is at most the time of all names by half their number", () => {
  const add = fc.record({
    name: fc.nat({ max: 300 }),
    ms: fc.integer({ min: 1, max: 1000 }),
    after: fc.nat({ max: 50 }),
  });
  fc.assert(
    fc.property(fc.array(add, { minLength: 150, maxLength: 400 }), (adds) => {
      const used = new UsedTime(options);
      const all = new UsedTime({ ...options, maxNames: Number.POSITIVE_INFINITY });
      const names = new Set<string>();
      let mostAtOnce = 0;
      for (const { name, ms, after } of adds) {
        vi.advanceTimersByTime(after);
        const text = `n${name}`;
        // Names that were forgotten before begin anew, so the bound is that of one loss.
        if (names.has(text) && used.of(text) === 0) continue;
        names.add(text);
        used.add(text, ms);
        all.add(text, ms);
        mostAtOnce = Math.max(
          mostAtOnce,
          [...names].reduce((sum, each) => sum + all.of(each), 0),
        );
      }
      for (const name of names) {
        const loss = all.of(name) - used.of(name);
        expect(loss).toBeLessThanOrEqual(mostAtOnce / (options.maxNames / 2) + 1e-6);
      }
    }),
    { numRuns: 30 },
  );
});

const payers = (account: string, client: string, ...files: string[]): Payers => ({ party: { account, client }, files });
const begun = (of: Payers, expectedMs = 0): ChargedWork => ({ ...of, began: performance.now(), expectedMs });

test("the account, the client and each file pay what a work has cost", () => {
  const charges = new TimeCharges();
  const work = begun(payers("a", "x", "f", "g"));
  charges.begin(work);
  charges.end(work, 400);
  expect([charges.ofAccount("a"), charges.ofAccount("b")]).toEqual([400, 0]);
  expect([charges.ofClient({ account: "a", client: "x" }), charges.ofClient({ account: "a", client: "y" })]).toEqual([
    400, 0,
  ]);
  expect(charges.ofWork(payers("a", "y", "other", "g"))).toBe(400);
  expect(charges.ofWork(payers("a", "y", "other"))).toBe(0);
});

test("a network is one client in all accounts, and those without a network are one in each", () => {
  const charges = new TimeCharges();
  for (const client of ["x", ""]) {
    const work = begun(payers("a", client));
    charges.begin(work);
    charges.end(work, 400);
  }
  expect(charges.ofClient({ account: "b", client: "x" })).toBe(400);
  expect(charges.ofClient({ account: "b", client: "" })).toBe(0);
  expect(charges.ofClient({ account: "a", client: "" })).toBe(400);
});

test("a work counts from its beginning, first as it is expected, and then as it goes on", () => {
  const charges = new TimeCharges();
  const work = begun(payers("a", "x", "f"), 300);
  charges.begin(work);
  expect([charges.ofAccount("a"), charges.ofWork(payers("b", "y", "f"))]).toEqual([300, 300]);
  vi.advanceTimersByTime(1000);
  expect([charges.ofAccount("a"), charges.ofWork(payers("b", "y", "f"))]).toEqual([1000, 1000]);
  charges.end(work, 20);
  expect([charges.ofAccount("a"), charges.ofWork(payers("b", "y", "f"))]).toEqual([20, 20]);
  expect(charges.running.size).toBe(0);
});
