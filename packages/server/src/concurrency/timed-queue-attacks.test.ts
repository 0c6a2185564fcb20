import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { extraPictures } from "../config/limits.ts";
import {
  ask,
  type Fate,
  fakeClock,
  longestWait,
  pass,
  refusals,
  type SimulatedWork,
} from "./testing/simulated-works.ts";
import { TimedQueue } from "./timed-queue.ts";

beforeEach(fakeClock);
afterEach(() => {
  vi.useRealTimers();
});

function queueOf(slots: number, extraSlots = extraPictures): TimedQueue {
  return new TimedQueue({ slots, extraSlots, queueLimit: 256, waitMs: 20_000 });
}

const expensive = { costMs: 4000, estimateMs: 3000 };
/** A work that nothing tells from a cheap one before it is done. */
const overrun = { costMs: 4000, estimateMs: 40 };
const cheap = { costMs: 50, estimateMs: 40 };

/** Asks for a cheap work of another visitor and of another file every quarter of a second. */
async function visitors(queue: TimedQueue, seconds: number, meanwhile?: (second: number) => void): Promise<Fate[]> {
  const fates: Fate[] = [];
  for (let quarter = 0; quarter < 4 * seconds; quarter++) {
    if (quarter % 4 === 0) meanwhile?.(quarter / 4);
    await pass(250);
    fates.push(ask(queue, { ...cheap, client: `visitor ${quarter}`, files: [`picture ${quarter}`] }));
  }
  await pass(20_000);
  return fates;
}

describe.each([1, 2, 3])("with %i slots", (slots) => {
  describe.each([
    ["known to be expensive", expensive],
    ["not known to be expensive", overrun],
  ])("works %s", (_, work) => {
    test.each([
      ["one file", () => "file"],
      ["a file for each", (each: number) => `file ${each}`],
    ])("twelve of one address, of %s: a visitor's cheap work begins within 300 ms", async (_files, fileOf) => {
      const queue = queueOf(slots);
      const flood = Array.from({ length: 12 }, (_each, each) =>
        ask(queue, { ...work, client: "x", files: [fileOf(each)], key: `${each}` }),
      );
      const fates = await visitors(queue, 20);
      expect(refusals(fates)).toEqual([]);
      expect(longestWait(fates)).toBeLessThanOrEqual(300);
      // Those who ask for it get their expensive works all the same.
      expect(flood.filter(({ tookMs }) => tookMs !== undefined).length).toBeGreaterThanOrEqual(4);
    });

    test.each([1, 5])("24 addresses with %i each, of three files: visitors' begin within a second", async (each) => {
      const queue = queueOf(slots);
      const fates = await visitors(queue, 30, (second) => {
        if (second % 15 === 0) attack(queue, work, { each, files: 3, wave: second });
      });
      expect(refusals(fates)).toEqual([]);
      expect(longestWait(fates)).toBeLessThanOrEqual(1000);
    });

    test.each([1, 5])("24 addresses with %i each, of a file for each: visitors' begin in time", async (each) => {
      const queue = queueOf(slots);
      const fates = await visitors(queue, 30, (second) => {
        if (second % 15 === 0) attack(queue, work, { each, files: 24, wave: second });
      });
      expect(refusals(fates)).toEqual([]);
      // Each of the files may overrun once. On one slot, they do so one after another.
      const bound = work === expensive ? 0 : slots === 1 ? 10_000 : 5000;
      expect(longestWait(fates)).toBeLessThanOrEqual(bound);
      expect(longestWait(fates.slice(40))).toBeLessThanOrEqual(300);
    });
  });

  test("a burst of one address takes no longer than the slots need", async () => {
    const queue = queueOf(slots);
    const gallery = Array.from({ length: 60 }, (_, each) =>
      ask(queue, { client: "x", costMs: 40, estimateMs: 40, files: [`file ${each}`] }),
    );
    await pass(20_000);
    expect(Math.max(...gallery.map(({ tookMs }) => tookMs ?? Number.POSITIVE_INFINITY))).toBe((60 * 40) / slots);
  });

  test("works that are neither cheap nor expensive use all slots", async () => {
    const queue = queueOf(slots);
    const works = Array.from({ length: 12 }, (_, each) =>
      ask(queue, { client: "x", costMs: 600, estimateMs: 600, files: [`file ${each}`] }),
    );
    await pass(20_000);
    expect(Math.max(...works.map(({ tookMs }) => tookMs ?? Number.POSITIVE_INFINITY))).toBe((12 * 600) / slots);
  });

  test("expensive works alone use all slots but the kept one", async () => {
    const queue = queueOf(slots);
    const works = Array.from({ length: 4 }, (_, each) =>
      ask(queue, { ...expensive, client: `x${each}`, files: [`${each}`] }),
    );
    await pass(20_000);
    const most = Math.max(...works.map(({ tookMs }) => tookMs ?? Number.POSITIVE_INFINITY));
    expect(most).toBe((4 * 4000) / Math.max(slots - 1, 1));
  });
});

interface Attack {
  /** The number of works of each address. */
  readonly each: number;
  readonly files: number;
  readonly wave: number;
}

/** Asks for works of 24 addresses, each of another URL. */
function attack(queue: TimedQueue, work: Pick<SimulatedWork, "costMs" | "estimateMs">, { each, files, wave }: Attack) {
  for (let number = 0; number < 24 * each; number++) {
    const network = number % 24;
    const facts = { client: `2001:db8:${network}::`, files: [`bomb ${network % files}`], key: `${wave} ${number}` };
    ask(queue, { ...work, ...facts });
  }
}

test("a visitor's expensive work comes before those of addresses that had theirs", async () => {
  const queue = queueOf(2);
  for (let wave = 0; wave < 10; wave++) {
    attack(queue, expensive, { each: 2, files: 24, wave });
    await pass(12_000);
  }
  const fate = ask(queue, { ...expensive, client: "visitor", files: ["picture"] });
  await pass(20_000);
  expect(fate.waitedMs).toBeLessThanOrEqual(4000);
});

test("a full line is full of those who ask for most: a visitor isn't refused", async () => {
  const queue = queueOf(2);
  attack(queue, expensive, { each: 11, files: 24, wave: 0 });
  const fates = await visitors(queue, 3, (second) =>
    attack(queue, expensive, { each: 11, files: 24, wave: second + 1 }),
  );
  expect(refusals(fates)).toEqual([]);
  expect(longestWait(fates)).toBe(0);
  const room = { party: { account: "a", client: "visitor" }, files: ["picture"], estimateMs: 40 };
  expect(queue.hasRoomFor(room)).toBe(true);
});

test("an account under attack doesn't hold up another account's visitors", async () => {
  const queue = queueOf(2);
  const cheapFlood = (second: number) => {
    for (let each = 0; each < 60; each++) {
      const network = each % 24;
      ask(queue, { ...cheap, account: "b", client: `${network}`, files: [`b ${second} ${each}`] });
    }
  };
  const fates = await visitors(queue, 6, cheapFlood);
  expect(refusals(fates)).toEqual([]);
  expect(longestWait(fates)).toBeLessThanOrEqual(300);
});

test("the server's own works wait for visitors, but not for ever", async () => {
  const queue = queueOf(2);
  const jobs: Fate[] = [];
  const busy = async (seconds: number) => {
    for (let tick = 0; tick < seconds * 21; tick++) {
      for (let each = 0; each < 2; each++) {
        const client = `visitor ${tick % 50} ${each}`;
        ask(queue, { ...cheap, client, files: [`picture ${tick} ${each}`] });
      }
      await pass(48);
    }
  };
  await busy(1);
  for (let each = 0; each < 3; each++) jobs.push(ask(queue, { ...cheap, account: "", client: "", files: [`${each}`] }));
  await busy(17);
  const waits = jobs.map(({ waitedMs }) => waitedMs ?? Number.POSITIVE_INFINITY);
  expect(waits[0]).toBeGreaterThan(1000);
  expect(waits[2]).toBeLessThanOrEqual(16_000);
});
