import { test } from "vitest";
import { startNodes } from "./harness/nodes.ts";
import { presentEachAtOnce } from "./harness/present-at-once.ts";

test("of 2,000 tokens, each presented 10 times at once across four nodes behind a round-robin, each is accepted exactly once", {
  timeout: 240_000,
}, async () => {
  const nodes = await startNodes(4, ["--log-level", "error"]);
  try {
    await presentEachAtOnce(nodes, 2000);
  } finally {
    await nodes.stop();
  }
});
