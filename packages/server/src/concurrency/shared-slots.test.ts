import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { type ConnectionPriority, SharedSlots } from "./shared-slots.ts";

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["performance"] });
});
afterEach(() => {
  vi.useRealTimers();
});

/** Slots that are taken by holders. A holder's first letter is its network: `a1`, `a2`, `b1`. */
function slotsOf(max: number, priority: ConnectionPriority, ...holders: readonly string[]) {
  const slots = new SharedSlots<string>(max);
  const take = (holder: string) => slots.take(holder, holder.slice(0, 1));
  for (const holder of holders) {
    expect(take(holder)).toBeUndefined();
    slots.rank(holder, priority);
  }
  return { slots, take };
}

describe("when all slots are taken", () => {
  test.each<[what: string, priority: ConnectionPriority, holders: string[], newcomer: string, loser: string]>([
    ["the longest idle one of the network with most gives way", "idle", ["b1", "a1", "a2", "b2", "a3"], "c1", "a1"],
    ["it does to one of its own network as well", "idle", ["a1", "a2", "b1"], "a3", "a1"],
    ["one for each gives way in the order of arrival", "idle", ["a1", "b1", "c1"], "d1", "a1"],
    ["an idle one gives way to no network that has more already", "idle", ["b1", "c1"], "b2", "b1"],
    ["an active one of the network with most gives way", "active", ["b1", "a1", "a2"], "c1", "a1"],
    ["an active one gives way to nobody who would have as many", "active", ["a1", "b1", "b2"], "a2", "a2"],
    ["an active one gives way to none of its own network", "active", ["a1", "a2", "a3"], "a4", "a4"],
    ["an authenticated one gives way to nobody", "authenticated", ["a1", "a2", "a3"], "b1", "b1"],
  ])("%s", (_, priority, holders, newcomer, loser) => {
    const { slots, take } = slotsOf(holders.length, priority, ...holders);
    vi.advanceTimersByTime(2000);
    expect(take(newcomer)).toBe(loser);
    expect(slots.taken).toBe(holders.length);
  });

  test("an idle one gives way before an active one of a network that has more", () => {
    const { slots, take } = slotsOf(4, "active", "a1", "a2", "a3", "b1");
    slots.rank("b1", "idle");
    vi.advanceTimersByTime(2000);
    expect(take("c1")).toBe("b1");
  });

  test("one that is new gives way to another only where no network has more", () => {
    const { slots, take } = slotsOf(4, "active", "a1", "a2", "a3", "b1");
    slots.rank("b1", "idle");
    expect(take("c1")).toBe("a1");
    expect(take("d1")).toBe("a2");
    expect(take("e1")).toBe("b1");
    expect(take("f1")).toBe("c1");
  });

  test("one of the network with most gives way, new or not, rather than what is under way there", () => {
    const { slots, take } = slotsOf(4, "active", "a1", "a2", "a3", "b1");
    slots.rank("a3", "idle");
    expect(take("c1")).toBe("a3");
  });
});

test("a holder that has something under way again is idle no more, and as new when that is over", () => {
  const { slots, take } = slotsOf(3, "idle", "a1", "a2", "a3");
  vi.advanceTimersByTime(2000);
  slots.rank("a1", "authenticated");
  slots.rank("a1", "active");
  expect(take("a4")).toBe("a2");
  slots.rank("a1", "idle");
  vi.advanceTimersByTime(1000);
  slots.rank("a1", "idle");
  vi.advanceTimersByTime(500);
  slots.rank("a4", "active");
  expect(take("a5")).toBe("a3");
  vi.advanceTimersByTime(500);
  expect(take("a6")).toBe("a1");
});

test("a slot that was lost is nobody's to give back twice", () => {
  const { slots, take } = slotsOf(2, "idle", "a1", "a2");
  take("b1");
  slots.release("a1");
  slots.rank("a1", "authenticated");
  expect(slots.taken).toBe(2);
  for (const holder of ["a2", "b1", "b1"]) slots.release(holder);
  expect(slots.taken).toBe(0);
});

test("whatever comes and goes, no network that has fewer than its part is refused", () => {
  const action = fc.record({
    network: fc.constantFrom("a", "b", "c"),
    kind: fc.constantFrom("take", "release", "begin", "end"),
    which: fc.nat({ max: 20 }),
  });
  fc.assert(
    fc.property(fc.array(action, { maxLength: 200 }), (actions) => {
      const max = 6;
      const slots = new SharedSlots<string>(max);
      const held: string[] = [];
      let named = 0;
      for (const { network, kind, which } of actions) {
        const holder = held[which % Math.max(held.length, 1)];
        if (kind === "take") {
          const newcomer = `${network}${++named}`;
          const own = held.filter((other) => other.startsWith(network)).length;
          const loser = slots.take(newcomer, network);
          if (loser === newcomer) expect(own).toBeGreaterThanOrEqual(Math.floor(max / 3) - 1);
          else held.push(newcomer);
          if (loser !== undefined && loser !== newcomer) held.splice(held.indexOf(loser), 1);
        } else if (holder !== undefined) {
          if (kind === "release") held.splice(held.indexOf(holder), 1);
          if (kind === "release") slots.release(holder);
          else if (kind === "begin") slots.rank(holder, "active");
          else slots.rank(holder, "idle");
        }
        vi.advanceTimersByTime(500);
        expect(slots.taken).toBe(held.length);
        expect(slots.taken).toBeLessThanOrEqual(max);
      }
    }),
  );
});
