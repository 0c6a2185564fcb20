import { test } from "vitest";
import { surviveCrashes } from "./crash-rounds.ts";

// The soak has ten times as many rounds.
test("what was acknowledged survives kill -9 at any moment, five times", { timeout: 120_000 }, async () => {
  await surviveCrashes(5, Date.now());
});
