import { expect, test } from "vitest";
import { BatchPause } from "./batch-pause.ts";

test("a process that can't keep up gives jobs a turn less often", () => {
  let load = 0.9;
  const pace = new BatchPause(() => load);
  const whileBusy = pace.pauseMs(0);
  load = 0.7;
  expect(pace.pauseMs(0)).toBeLessThan(whileBusy);
});

test("jobs that have waited for a minute are held up no longer", () => {
  const pace = new BatchPause(() => 1);
  expect(pace.pauseMs(61_000)).toBeLessThan(pace.pauseMs(59_000));
});
