import { expect, test } from "vitest";
import { TroubleLog } from "./trouble-log.ts";

test("what fails again and again is told once a minute", () => {
  const told: unknown[] = [];
  let now = 0;
  const error = (...line: unknown[]) => void told.push(line);
  const log = new TroubleLog({ error }, "the disk is full", () => now);
  const full = new Error("ENOSPC");
  for (const time of [0, 1, 59_999, 60_000, 60_001, 120_000]) {
    now = time;
    log.report(full);
  }
  expect(told).toEqual(Array(3).fill([{ err: full }, "the disk is full"]));
});
