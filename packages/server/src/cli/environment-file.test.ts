import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { ConfigError } from "../config/config-error.ts";
import { readEnvironmentFile } from "./environment.ts";

async function withFile(content: string, use: (path: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "sluice-env-"));
  const path = join(folder, ".env");
  try {
    await writeFile(path, content);
    await use(path);
  } finally {
    await rm(folder, { recursive: true });
  }
}

test("read again, a file's variables are changed, added and removed; what the process was given stays", async () => {
  await withFile("GIVEN=by the file\nCHANGED=1\nREMOVED=1\n", async (path) => {
    const environment: NodeJS.ProcessEnv = { GIVEN: "by the process" };
    const readAgain = readEnvironmentFile(path, environment);
    expect(environment).toEqual({ GIVEN: "by the process", CHANGED: "1", REMOVED: "1" });
    await writeFile(path, "CHANGED=2\nADDED=1\n");
    readAgain().take();
    expect(environment).toEqual({ GIVEN: "by the process", CHANGED: "2", ADDED: "1" });
    await rm(path);
    readAgain().take();
    expect(environment).toEqual({ GIVEN: "by the process" });
  });
});

test("what is read is only put into the environment when it is taken, and can be put back", async () => {
  await withFile("KEY=1\n", async (path) => {
    const environment: NodeJS.ProcessEnv = { GIVEN: "1" };
    const readAgain = readEnvironmentFile(path, environment);
    await writeFile(path, "GIVEN=2\nOTHER=2\n");
    const next = readAgain();
    expect(next.variables).toEqual({ GIVEN: "1", OTHER: "2" });
    expect(environment).toEqual({ GIVEN: "1", KEY: "1" });
    const putBack = next.take();
    expect(environment).toEqual({ GIVEN: "1", OTHER: "2" });
    putBack();
    expect(environment).toEqual({ GIVEN: "1", KEY: "1" });
  });
});

test("a file that can't be read is a wrong setting, and changes nothing", async () => {
  await withFile("KEY=1\n", async (path) => {
    const environment: NodeJS.ProcessEnv = {};
    const readAgain = readEnvironmentFile(path, environment);
    await rm(path);
    await mkdir(path);
    expect(readAgain).toThrow(new ConfigError(`${path} can't be read: EISDIR`));
    expect(environment).toEqual({ KEY: "1" });
  });
});
