import { expect, test } from "vitest";
import { TurnPace } from "./turn-pace.ts";

test("a process that can't keep up gives jobs a turn less often", () => {
  let load = 0.9;
  const pace = new TurnPace(() => load);
  const whileBusy = pace.pauseMs(0);
  load = 0.7;
  expect(pace.pauseMs(0)).toBeLessThan(whileBusy);
});

test("jobs that have waited for a minute are held up no longer", () => {
  const pace = new TurnPace(() => 1);
  expect(pace.pauseMs(61_000)).toBeLessThan(pace.pauseMs(59_000));
});
