import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { readEnvironmentFile } from "./environment-file.ts";

test("read again, a file's variables are changed, added and removed; what the process was given stays", async () => {
  const folder = await mkdtemp(join(tmpdir(), "sluice-env-"));
  const path = join(folder, ".env");
  try {
    const environment: NodeJS.ProcessEnv = { GIVEN: "by the process" };
    await writeFile(path, "GIVEN=by the file\nCHANGED=1\nREMOVED=1\n");
    const readAgain = readEnvironmentFile(path, environment);
    expect(environment).toEqual({ GIVEN: "by the process", CHANGED: "1", REMOVED: "1" });
    await writeFile(path, "CHANGED=2\nADDED=1\n");
    readAgain();
    expect(environment).toEqual({ GIVEN: "by the process", CHANGED: "2", ADDED: "1" });
    await rm(path);
    readAgain();
    expect(environment).toEqual({ GIVEN: "by the process" });
  } finally {
    await rm(folder, { recursive: true });
  }
});
