import fc from "fast-check";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { ask, type Fate, fakeClock, pass } from "./testing/simulated-works.ts";
import { TimedQueue } from "./timed-queue.ts";
import { cheapMs } from "./work-costs.ts";

beforeEach(fakeClock);
afterEach(() => {
  vi.useRealTimers();
});

const rooms = fc.record({
  slots: fc.integer({ min: 1, max: 3 }),
  extraSlots: fc.nat({ max: 2 }),
  queueLimit: fc.nat({ max: 12 }),
});

const actions = fc.array(
  fc.oneof(
    {
      weight: 6,
      arbitrary: fc.record({
        kind: fc.constant("ask" as const),
        account: fc.constantFrom("a", "b", ""),
        client: fc.constantFrom("x", "y", "z", ""),
        file: fc.constantFrom("f", "g", "h"),
        key: fc.constantFrom("1", "2", "3", undefined),
        costMs: fc.constantFrom(0, 20, cheapMs - 1, cheapMs, 700, 5000),
        estimateMs: fc.constantFrom(undefined, 20, 400, 3000),
        restartable: fc.boolean(),
      }),
    },
    { weight: 2, arbitrary: fc.record({ kind: fc.constant("leave" as const), which: fc.nat() }) },
    {
      weight: 3,
      arbitrary: fc.record({ kind: fc.constant("pass" as const), ms: fc.constantFrom(0, 1, 60, 300, 2000) }),
    },
  ),
  { maxLength: 80 },
);

interface Asked {
  readonly fate: Fate;
  readonly gone: AbortController;
}

const isOver = ({ fate }: Asked): boolean => fate.tookMs !== undefined || fate.refused !== undefined;

test("whatever is asked and abandoned, no more run than may, all are answered, and all slots come back", async () => {
  await fc.assert(
    fc.asyncProperty(rooms, actions, fc.boolean(), async (options, todo, closes) => {
      const queue = new TimedQueue(options);
      const asked: Asked[] = [];
      const most = options.slots + options.extraSlots;
      for (const action of todo) {
        if (action.kind === "ask") {
          const { kind, file, ...work } = action;
          const gone = new AbortController();
          asked.push({ fate: ask(queue, { ...work, files: [file] }, gone.signal), gone });
        } else if (action.kind === "leave")
          asked[action.which % Math.max(asked.length, 1)]?.gone.abort(new Error("gone"));
        else await pass(action.ms);
        await pass(0);
        expect(asked.reduce((sum, { fate }) => sum + fate.running, 0)).toBeLessThanOrEqual(most);
        expect(asked.filter((each) => !isOver(each) && each.fate.running === 0).length).toBeLessThanOrEqual(
          options.queueLimit + most,
        );
      }
      if (closes) {
        const closed = queue.close();
        await pass(10_000);
        await closed;
      } else await pass(600_000);
      expect(asked.filter((each) => !isOver(each))).toEqual([]);
      expect(asked.reduce((sum, { fate }) => sum + fate.running, 0)).toBe(0);
      for (const { fate } of asked) expect(fate.begins).toBeLessThanOrEqual(2);
      expect(vi.getTimerCount()).toBe(0);
      if (closes) return;
      const all = Array.from({ length: options.slots }, (_, each) => ask(queue, { client: `new ${each}`, costMs: 10 }));
      await pass(0);
      for (const fate of all) expect(fate.waitedMs).toBe(0);
    }),
    { numRuns: 150 },
  );
});

test("work is never held back while a slot is free for it", async () => {
  await fc.assert(
    fc.asyncProperty(rooms, actions, async (options, todo) => {
      const queue = new TimedQueue({ ...options, queueLimit: 1000 });
      const asked: Asked[] = [];
      for (const action of todo) {
        if (action.kind === "ask") {
          const { kind, file, ...work } = action;
          const gone = new AbortController();
          asked.push({ fate: ask(queue, { ...work, files: [file] }, gone.signal), gone });
        } else if (action.kind === "leave")
          asked[action.which % Math.max(asked.length, 1)]?.gone.abort(new Error("gone"));
        else await pass(action.ms);
        await pass(0);
        const running = asked.reduce((sum, { fate }) => sum + fate.running, 0);
        const waiting = asked.some((each) => !isOver(each) && each.fate.running === 0);
        // One slot may be kept free from expensive works.
        if (waiting) expect(running).toBeGreaterThanOrEqual(Math.max(options.slots - 1, 1));
      }
    }),
    { numRuns: 150 },
  );
});

test.each(
  [1, 2].flatMap((slots) => [20, 700, 3000].flatMap((ms) => [0, 100_000].map((used) => ({ slots, ms, used })))),
)("however many come that have used nothing, a work gets its turn: %j", async ({ slots, ms, used }) => {
  const queue = new TimedQueue({ slots, extraSlots: 1, queueLimit: 1000 });
  if (used > 0) ask(queue, { client: "x", costMs: used, files: ["another"] });
  await pass(used);
  // A cheap and an expensive work of other clients wait at any time.
  const others = new Map<number, Fate>();
  let count = 0;
  const crowd = () => {
    for (const cost of [50, 3000]) {
      if (others.get(cost)?.begins === 0) continue;
      const client = `other ${++count}`;
      others.set(cost, ask(queue, { costMs: cost, estimateMs: cost, client, files: [client] }));
    }
  };
  for (let tick = 0; tick < 100; tick++) {
    crowd();
    await pass(10);
  }
  const fate = ask(queue, { costMs: ms, estimateMs: ms, client: "x", files: ["f"] });
  for (let tick = 0; tick < 10_000 && fate.waitedMs === undefined; tick++) {
    crowd();
    await pass(10);
  }
  expect(fate.waitedMs).toBeLessThan(ms < cheapMs ? 20_000 : 80_000);
});
