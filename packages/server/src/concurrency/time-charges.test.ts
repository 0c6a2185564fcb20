import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { type ChargedWork, type Payers, TimeCharges } from "./time-charges.ts";

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["performance"] });
});
afterEach(() => {
  vi.useRealTimers();
});

const payers = (account: string, client: string, ...files: string[]): Payers => ({ party: { account, client }, files });
const begun = (of: Payers, expectedMs = 0): ChargedWork => ({
  payers: of,
  began: performance.now(),
  expectedMs,
});

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
