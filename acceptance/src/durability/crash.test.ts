import { test } from "vitest";
import { surviveCrashes } from "./crash-rounds.ts";

// The soak runs fifty rounds.
test("what was acknowledged survives kill -9 at any moment, twice", { timeout: 120_000 }, async () => {
  await surviveCrashes(2, Date.now());
});
