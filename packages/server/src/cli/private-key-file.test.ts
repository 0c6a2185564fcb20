import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { ConfigError } from "../config/config-error.ts";
import { exportCommand, keepFurtherPrivateKey, keepKeyPair, locatePrivateKey } from "./private-key-file.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "sluice-key-file-"));
});
afterEach(() => rm(folder, { recursive: true }));

const pairOf = (name: string) => ({ publicKey: `public_${name}`, privateKey: `private_${name}` });
const textOf = async (name: string) => (await readFile(join(folder, name), "utf8")).trim();

test("a new pair takes the place of the one before, in files that their owner alone can read", async () => {
  const path = join(folder, "private-key-demo.txt");
  await writeFile(path, "private_old\n");
  await chmod(path, 0o644);
  expect(await keepKeyPair(folder, "demo", pairOf("new"))).toBe(path);
  for (const name of ["private", "public"]) expect(await textOf(`${name}-key-demo.txt`)).toBe(`${name}_new`);
  expect((await stat(path)).mode & 0o777).toBe(0o600);
  expect(await readdir(folder)).toEqual(["private-key-demo.txt", "public-key-demo.txt"]);
});

test("a file that can't be written is an error that names it, and leaves nothing behind", async () => {
  await mkdir(join(folder, "private-key-demo.txt", "in-the-way"), { recursive: true });
  await expect(keepKeyPair(folder, "demo", pairOf("new"))).rejects.toThrow("private-key-demo.txt");
  expect(await readdir(folder)).toEqual(["private-key-demo.txt"]);
});

test("the key is said to be in its file only while the file holds it, and to work on elsewhere", async () => {
  const path = join(folder, "private-key-demo.txt");
  const locate = (name: string) => locatePrivateKey(folder, "demo", pairOf(name));
  const worksOn = "It works on; if it is lost, sluice account rotate-key demo makes a new one";
  expect(await locate("test")).toBe(`kept elsewhere: there is no ${path}. ${worksOn}`);
  await keepKeyPair(folder, "demo", pairOf("test"));
  expect(await locate("test")).toBe(`in ${path}`);
  expect(await locate("rotated")).toBe(`kept elsewhere: ${path} holds another key. ${worksOn}`);
  const further = await keepFurtherPrivateKey(folder, "demo", pairOf("rotated"));
  expect(await locate("rotated")).toBe(`in ${further}`);
});

test("a start puts the public key beside a private one that stands alone or beside an old one", async () => {
  for (const old of [undefined, "public_old\n"]) {
    await writeFile(join(folder, "private-key-demo.txt"), "private_test\n");
    if (old !== undefined) await writeFile(join(folder, "public-key-demo.txt"), old);
    await locatePrivateKey(folder, "demo", pairOf("test"));
    expect(await textOf("public-key-demo.txt")).toBe("public_test");
  }
});

test("the pair is shown as the command that the README's examples need", () => {
  const pair = { publicKey: "public_test", privateKey: "private_test" };
  expect(exportCommand(pair)).toBe("export PUBLIC_KEY=public_test PRIVATE_KEY=private_test");
});

// Only a forged backup has such an account.
test.each(["../../x", "a/b"])("the keys of an account %s are written nowhere", async (id) => {
  await expect(keepKeyPair(folder, id, pairOf("new"))).rejects.toThrow(ConfigError);
  expect(await readdir(folder)).toEqual([]);
});
