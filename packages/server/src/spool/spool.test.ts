import { type ChildProcess, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { mkdtemp, readdir, rm, stat, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { buffer } from "node:stream/consumers";
import { afterEach, beforeEach, expect, test } from "vitest";
import { newBlobKey } from "../storage/blob-key.ts";
import { openDiskBlobStore } from "../storage/disk-blob-store.ts";
import { Spool } from "./spool.ts";
import { blockBytes } from "./spool-file.ts";

let data: string;
let folder: string;
let spool: Spool;

beforeEach(async () => {
  data = await mkdtemp(join(tmpdir(), "sluice-spool-"));
  folder = join(data, "spool");
  spool = await Spool.open(folder);
});
afterEach(async () => {
  await spool.close();
  await rm(data, { recursive: true, force: true });
});

/** Long enough to be in a file. */
const large = (text: string) => Buffer.from(text.padEnd(blockBytes));

async function spooled(text: string) {
  const file = spool.create();
  await file.write(large(text));
  const source = await file.finish();
  if (!("path" in source)) throw new Error("it is in memory");
  return { file, ...source };
}

const uploads = async () => (await readdir(folder)).filter((name) => name.endsWith(".upload"));
const newName = (owner = randomBytes(8).toString("hex")) => `${owner}-${randomBytes(16).toString("hex")}.upload`;
const leftover = (name = newName()) => writeFile(join(folder, name), "left");

/** Another process with a file in the spool. */
async function otherProcess(): Promise<ChildProcess> {
  const source = `
    const { Spool } = await import(${JSON.stringify(new URL("./spool.ts", import.meta.url).href)});
    const file = (await Spool.open(process.argv[1])).create();
    await file.write(Buffer.alloc(${blockBytes}));
    await file.finish();
    console.log("spooled");
    process.stdin.resume();`;
  const args = ["--conditions=sluice-source", "--input-type=module", "--eval", source, folder];
  const child = spawn(process.execPath, args, { stdio: ["pipe", "pipe", "inherit"] });
  await Promise.race([
    once(child.stdout, "data"),
    once(child, "exit").then(() => Promise.reject(new Error("the other process ended early"))),
  ]);
  return child;
}

test("folder and files are for the server's user alone", async () => {
  const { file, path } = await spooled("private");
  expect((await stat(folder)).mode & 0o777).toBe(0o700);
  expect((await stat(path)).mode & 0o777).toBe(0o600);
  await file.discard();
});

test("counts what the uploads under way hold", async () => {
  expect(spool.usage()).toEqual({ files: 0, bytes: 0 });
  const first = spool.create();
  const second = spool.create();
  await first.write(Buffer.from("12345"));
  await second.write(Buffer.from("123"));
  expect(spool.usage()).toEqual({ files: 2, bytes: 8 });
  await first.finish();
  await first.discard();
  await first.discard();
  expect(spool.usage()).toEqual({ files: 1, bytes: 3 });
  await second.discard();
  expect(spool.usage()).toEqual({ files: 0, bytes: 0 });
});

test("discarding a file that a blob store has taken leaves the blob alone", async () => {
  const store = await openDiskBlobStore(join(data, "blobs"));
  const key = newBlobKey();
  const { file, ...source } = await spooled("kept");
  await store.put(key, source);
  await file.discard();
  expect(await uploads()).toEqual([]);
  expect((await buffer(await store.read(key))).toString().trimEnd()).toBe("kept");
});

test("the sweep removes what owners that are gone have left, however young, and tells how much it was", async () => {
  const owner = "0123456789abcdef";
  for (const name of [newName(owner), newName(owner), newName()]) await leftover(name);
  await writeFile(join(folder, `${owner}.owner`), "");
  expect(await spool.sweep()).toEqual({ files: 3, bytes: 12 });
  expect(await readdir(folder)).toEqual([]);
});

test("the sweep leaves alone the uploads of another process until that is killed", async () => {
  const other = await otherProcess();
  try {
    await leftover();
    expect(await spool.sweep()).toEqual({ files: 1, bytes: 4 });
    expect(await uploads()).toHaveLength(1);
  } finally {
    other.kill("SIGKILL");
    await once(other, "exit");
  }
  expect(await spool.sweep()).toEqual({ files: 1, bytes: blockBytes });
  expect(await readdir(folder)).toEqual([]);
});

test("the sweep leaves alone the uploads of another spool in this process until that is closed", async () => {
  const other = await Spool.open(folder);
  const file = other.create();
  await file.write(large("other"));
  await file.finish();
  expect(await spool.sweep()).toEqual({ files: 0, bytes: 0 });
  await other.close();
  expect(await spool.sweep()).toEqual({ files: 1, bytes: blockBytes });
  await file.discard();
});

test("the sweep leaves alone the uploads under way and what isn't the spool's, and takes what could not be discarded", async () => {
  const { file, path } = await spooled("under way");
  await leftover(basename(path).replace(/[0-9a-f]{32}/, "0".repeat(32)));
  await leftover("note.txt");
  expect(await spool.sweep()).toEqual({ files: 1, bytes: 4 });
  expect((await readdir(folder)).filter((name) => !name.endsWith(".owner")).toSorted()).toEqual(
    [basename(path), "note.txt"].toSorted(),
  );
  await file.discard();
});

test("the sweep removes a link, never what it points at", async () => {
  await writeFile(join(data, "other"), "other");
  await symlink(join(data, "other"), join(folder, newName()));
  await symlink(join(data, "none"), join(folder, newName()));
  expect(await spool.sweep()).toMatchObject({ files: 2 });
  expect(await uploads()).toEqual([]);
  expect((await stat(join(data, "other"))).size).toBe(5);
});

test("the sweep stops when told to, and says so when the folder is gone", async () => {
  await leftover();
  const reason = new Error("shutting down");
  await expect(spool.sweep(AbortSignal.abort(reason))).rejects.toBe(reason);
  expect(await spool.sweep(), "a sweep that stopped holds nothing back").toMatchObject({ files: 1 });
  await rm(folder, { recursive: true });
  await expect(spool.sweep()).rejects.toMatchObject({ code: "STORAGE_FAILED" });
});

test("the first file marks the owner, and a closed spool leaves no mark", async () => {
  const small = spool.create();
  await small.write(Buffer.from("in memory"));
  await small.finish();
  await small.discard();
  expect(await readdir(folder)).toEqual([]);
  for (let n = 0; n < 2; n++) await (await spooled("marked")).file.discard();
  expect(await readdir(folder)).toEqual([expect.stringMatching(/^[0-9a-f]{16}\.owner$/)]);
  await spool.close();
  expect(await readdir(folder)).toEqual([]);
});

test("where no owner can be marked no file is created", async () => {
  await rm(folder, { recursive: true });
  const file = spool.create();
  await file.write(large("nowhere"));
  await expect(file.finish()).rejects.toMatchObject({ name: "StorageError", code: "STORAGE_FAILED" });
  await file.discard();
  expect(spool.usage()).toEqual({ files: 0, bytes: 0 });
});

test("a spool can't be opened where a file is", async () => {
  await writeFile(join(data, "file"), "");
  await expect(Spool.open(join(data, "file"))).rejects.toMatchObject({ name: "StorageError", code: "STORAGE_FAILED" });
});
