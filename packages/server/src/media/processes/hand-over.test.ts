import { existsSync } from "node:fs";
import { readFile, stat } from "node:fs/promises";
import { afterAll, expect, test } from "vitest";
import { handOver } from "./hand-over.ts";
import { ScratchFolder } from "./scratch-folder.ts";

const scratch = new ScratchFolder();
afterAll(() => scratch.close());

test("few bytes go by the channel, and many by a file for this user alone, which is removed", async () => {
  const few = Buffer.alloc(1000, 1);
  expect((await handOver(few, scratch)).bytes).toEqual({ data: few });
  const many = Buffer.alloc(300_000, 2);
  const { bytes, done } = await handOver(many, scratch);
  if (!("path" in bytes)) throw new Error("no file");
  expect(bytes.size).toBe(many.length);
  expect(await readFile(bytes.path)).toEqual(many);
  expect((await stat(bytes.path)).mode & 0o777).toBe(0o600);
  await done();
  expect(existsSync(bytes.path)).toBe(false);
});

test("where no file can be written, many bytes go by the channel", async () => {
  const nowhere = { path: async () => "/nowhere at all" } as unknown as ScratchFolder;
  const many = Buffer.alloc(300_000);
  expect((await handOver(many, nowhere)).bytes).toEqual({ data: many });
});
