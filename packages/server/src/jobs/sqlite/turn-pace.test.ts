import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { TurnPace } from "./turn-pace.ts";

test("a process that is busy all the time gives jobs a turn less often", async () => {
  const pace = new TurnPace();
  for (const until = performance.now() + 100; performance.now() < until; );
  await sleep(0);
  const whileBusy = pace.pauseMs();
  await sleep(200);
  expect(pace.pauseMs()).toBeLessThan(whileBusy);
});
