import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { TurnPace } from "./turn-pace.ts";

async function beBusy(): Promise<void> {
  for (const until = performance.now() + 100; performance.now() < until; );
  await sleep(0);
}

test("a process that is busy all the time gives jobs a turn less often", async () => {
  const pace = new TurnPace();
  await beBusy();
  const whileBusy = pace.pauseMs(0);
  await sleep(200);
  expect(pace.pauseMs(0)).toBeLessThan(whileBusy);
});

test("jobs that have waited for a minute are held up no longer", async () => {
  const pace = new TurnPace();
  await beBusy();
  const early = pace.pauseMs(59_000);
  await beBusy();
  expect(pace.pauseMs(61_000)).toBeLessThan(early);
});
