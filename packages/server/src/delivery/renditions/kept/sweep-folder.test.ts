import { fork } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, readdir, rm, stat, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { RenditionFolder } from "./rendition-folder.ts";
import { sweepFolder } from "./sweep-folder.ts";

const forever = new AbortController().signal;
const block = 4096;

let root: string;
let folder: RenditionFolder;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "sluice-derived-"));
  folder = new RenditionFolder(root);
});
afterEach(async () => {
  await folder.close();
  await rm(root, { recursive: true, force: true });
});

/** Writes an entry that was last used `age` hours ago. */
async function put(start: string, bytes: number, age: number): Promise<string> {
  const key = start.padEnd(32, "0");
  await folder.write(key, [Buffer.alloc(bytes)]);
  await folder.touch(key, Date.now() - age * 3_600_000);
  return key;
}

async function keys(): Promise<string[]> {
  const found: string[] = [];
  for await (const { key } of folder.list(forever)) found.push(key);
  return found.sort();
}

describe("a sweep of the derived files", () => {
  test("lets be what is within the budget", async () => {
    const kept = [await put("aa", 10, 5), await put("ab", block + 1, 900)];
    expect(await sweepFolder(folder, 3 * block, forever)).toEqual({ unfinished: 0, removed: 0, bytes: 3 * block });
    expect(await keys()).toEqual(kept);
  });

  test("removes what was used longest ago, and a little more than has to go", async () => {
    const ages = new Map<string, number>();
    for (const age of [3, 9, 1, 7, 5, 2, 8, 4, 6, 10]) ages.set(await put(`a${age.toString(16)}`, 10, age), age);
    expect(await sweepFolder(folder, 8 * block, forever)).toEqual({ unfinished: 0, removed: 3, bytes: 7 * block });
    expect((await keys()).map((key) => ages.get(key)).sort()).toEqual([1, 2, 3, 4, 5, 6, 7]);
  });

  test("removes no more than that of those used in the same second", async () => {
    for (let index = 0; index < 10; index++) await put(`b${index}`, 10, 1);
    expect(await sweepFolder(folder, 5 * block, forever)).toMatchObject({ removed: 6 });
  });

  test("removes nothing else from the folder", async () => {
    await put("aa", 10, 1);
    await mkdir(join(root, "bb"));
    const others = ["notes.txt", "bb/readme", "bb/cc000000000000000000000000000000"];
    for (const name of others) await writeFile(join(root, name), "x".repeat(9999));
    await sweepFolder(folder, 0, forever);
    expect(await keys()).toEqual([]);
    for (const name of others) expect((await stat(join(root, name))).size).toBe(9999);
  });

  test("is one process's at a time", async () => {
    await put("aa", 10, 1);
    const lock = await folder.tryLock();
    expect(await sweepFolder(folder, 0, forever)).toBeUndefined();
    lock?.release();
    expect(await sweepFolder(folder, 0, forever)).toMatchObject({ removed: 1 });
  });

  test("has nothing to do, and makes nothing, where nothing was ever kept", async () => {
    const empty = join(root, "never");
    expect(await sweepFolder(new RenditionFolder(empty), 0, forever)).toBeUndefined();
    expect(await readdir(root)).toEqual([]);
  });

  test("ends when it is told to", async () => {
    await put("aa", 10, 1);
    await expect(sweepFolder(folder, 0, AbortSignal.abort(new Error("enough")))).rejects.toThrow("enough");
    expect(await keys()).toHaveLength(1);
  });

  test("removes what a killed process was writing, and nothing of one that lives", async () => {
    const script = `
      import { RenditionFolder } from ${JSON.stringify(new URL("./rendition-folder.ts", import.meta.url).href)};
      const folder = new RenditionFolder(${JSON.stringify(root)});
      await folder.write("cc".repeat(16), [Buffer.from("whole")]);
      process.send("ready");
      setInterval(() => undefined, 1000);
    `;
    const path = join(root, "writer.mjs");
    await writeFile(path, script);
    const writer = fork(path, { execArgv: ["--conditions=sluice-source"] });
    try {
      await once(writer, "message");
      const [owner = ""] = (await readdir(join(root, "unfinished"))).map((name) => name.split(".")[0] ?? "");
      const part = join(root, "unfinished", `${owner}-9.part`);
      await writeFile(part, "half");
      await utimes(part, 0, 0);
      expect(await sweepFolder(folder, 2 ** 30, forever)).toMatchObject({ unfinished: 0 });
      writer.kill("SIGKILL");
      await once(writer, "exit");
      expect(await sweepFolder(folder, 2 ** 30, forever)).toMatchObject({ unfinished: 1 });
      expect(await readdir(join(root, "unfinished"))).toEqual([]);
      expect(await keys()).toEqual(["cc".repeat(16)]);
    } finally {
      writer.kill("SIGKILL");
    }
  });
});
