import { test } from "vitest";
import { surviveCrashes } from "./crash-rounds.ts";

test("what was acknowledged survives kill -9 at any moment, fifty times", { timeout: 900_000 }, async () => {
  await surviveCrashes(50, Date.now());
});

test("and of two workers with their supervisor, three times", { timeout: 120_000 }, async () => {
  await surviveCrashes(3, Date.now(), ["--workers", "2"]);
});
