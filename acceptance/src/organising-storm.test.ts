import { expect, test } from "vitest";
import { withTemporaryFolder } from "./harness/data-dir.ts";
import { expectClean } from "./harness/fsck.ts";
import { expectEveryKind, expectSound, runStorm } from "./harness/organising-storm.ts";
import { startServer } from "./harness/server.ts";

// A short one; organising-storm.soak.ts has those of a minute, with processes that die.
test("clients that organise the same files at once get no error of the server, and leave a sound library", {
  timeout: 60_000,
}, async ({ annotate }) => {
  await withTemporaryFolder(async (dataDir) => {
    const server = await startServer({ dataDir, flags: ["--log-level", "error", "--trash-days", "1"] });
    try {
      const awaited = ["upload", "copy", "move", "rename", "addTags", "removeTags"];
      const storm = await runStorm(server.url, 4000, { clients: 16, awaited });
      await annotate(JSON.stringify(Object.fromEntries(storm.answers)));
      expect(storm.offences).toEqual([]);
      expectEveryKind(storm, awaited);
      await expectSound(server.url);
    } finally {
      await server.stop();
    }
    await expectClean(dataDir);
  });
});
