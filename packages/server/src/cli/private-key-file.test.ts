import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { exportCommand, keepPrivateKey, locatePrivateKey } from "./private-key-file.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "sluice-key-file-"));
});
afterEach(() => rm(folder, { recursive: true }));

test("a new key takes the place of the one before, in a file that its owner alone can read", async () => {
  const path = join(folder, "private-key-demo.txt");
  await writeFile(path, "private_old\n");
  await chmod(path, 0o644);
  expect(await keepPrivateKey(folder, "demo", "private_new")).toBe(path);
  expect(await readFile(path, "utf8")).toBe("private_new\n");
  expect((await stat(path)).mode & 0o777).toBe(0o600);
  expect(await readdir(folder)).toEqual(["private-key-demo.txt"]);
});

test("a file that can't be written is an error that names it, and leaves nothing behind", async () => {
  await mkdir(join(folder, "private-key-demo.txt", "in-the-way"), { recursive: true });
  await expect(keepPrivateKey(folder, "demo", "private_new")).rejects.toThrow("private-key-demo.txt");
  expect(await readdir(folder)).toEqual(["private-key-demo.txt"]);
});

test("the key is said to be in its file only while the file holds it", async () => {
  const path = join(folder, "private-key-demo.txt");
  const rotate = "sluice account rotate-key demo makes a new one";
  expect(await locatePrivateKey(folder, "demo", "private_test")).toBe(`not in ${path}; ${rotate}`);
  await keepPrivateKey(folder, "demo", "private_test");
  expect(await locatePrivateKey(folder, "demo", "private_test")).toBe(`in ${path}`);
  const other = await locatePrivateKey(folder, "demo", "private_rotated");
  expect(other).toBe(`not in ${path}, which holds another key; ${rotate}`);
});

test("the pair is shown as the command that the README's examples need", () => {
  const pair = { publicKey: "public_test", privateKey: "private_test" };
  expect(exportCommand(pair)).toBe("export PUBLIC_KEY=public_test PRIVATE_KEY=private_test");
});
