import { expect, test } from "vitest";
import { expectClean } from "./harness/fsck.ts";
import { startNodes } from "./harness/nodes.ts";
import { expectEveryKind, expectSound, runStorm } from "./harness/organising-storm.ts";

// Runs on the second pair of engines only. On the first, two processes share a machine (organising-storm.soak.ts).

test("32 clients organise the same files for a minute on two nodes: no error, and a sound library", {
  timeout: 240_000,
}, async ({ annotate }) => {
  const nodes = await startNodes(2, ["--log-level", "error", "--trash-days", "1"]);
  try {
    const storm = await runStorm(nodes.url, 60_000);
    await annotate(JSON.stringify(Object.fromEntries(storm.answers)));
    expect(storm.offences).toEqual([]);
    expectEveryKind(storm);
    for (const { url } of nodes.servers) await expectSound(url);
    await expectClean(nodes.shared);
  } finally {
    await nodes.stop();
  }
});
