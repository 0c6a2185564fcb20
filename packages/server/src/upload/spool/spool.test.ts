import { randomBytes } from "node:crypto";
import { mkdtemp, readdir, rm, stat, symlink, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { buffer } from "node:stream/consumers";
import { afterEach, beforeEach, expect, test } from "vitest";
import { newBlobKey } from "../../storage/blob-key.ts";
import { openDiskBlobStore } from "../../storage/disk-blob-store.ts";
import { Spool } from "./spool.ts";

let data: string;
let folder: string;
let spool: Spool;

beforeEach(async () => {
  data = await mkdtemp(join(tmpdir(), "sluice-spool-"));
  folder = join(data, "spool");
  spool = await Spool.open(folder);
});
afterEach(() => rm(data, { recursive: true }));

async function spooled(text: string) {
  const file = spool.create();
  await file.write(Buffer.from(text));
  return { file, ...(await file.finish()) };
}

async function leftover(name: string, age: Date): Promise<void> {
  await writeFile(join(folder, name), "left");
  await utimes(join(folder, name), age, age);
}

const leftoverName = () => `${randomBytes(16).toString("hex")}.upload`;
const future = () => new Date(Date.now() + 60_000);

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
  expect(await readdir(folder)).toEqual([]);
  expect((await buffer(await store.read(key))).toString()).toBe("kept");
});

test("the sweep removes what is old enough and tells how much it was", async () => {
  const limit = new Date("2020-01-01T00:00:00Z");
  const young = leftoverName();
  await leftover(leftoverName(), new Date("2019-12-31T23:59:59Z"));
  await leftover(leftoverName(), new Date("2019-06-01T00:00:00Z"));
  await leftover(young, limit);
  expect(await spool.sweep({ olderThan: limit })).toEqual({ files: 2, bytes: 8 });
  expect(await readdir(folder)).toEqual([young]);
});

test("the sweep leaves alone the uploads of this process and what isn't the spool's", async () => {
  const { file, path } = await spooled("under way");
  await leftover("note.txt", new Date(0));
  expect(await spool.sweep({ olderThan: future() })).toEqual({ files: 0, bytes: 0 });
  expect((await readdir(folder)).toSorted()).toEqual([basename(path), "note.txt"].toSorted());
  await file.discard();
});

test("the sweep removes a link, never what it points at", async () => {
  await writeFile(join(data, "other"), "other");
  await symlink(join(data, "other"), join(folder, leftoverName()));
  await symlink(join(data, "none"), join(folder, leftoverName()));
  expect(await spool.sweep({ olderThan: future() })).toMatchObject({ files: 2 });
  expect(await readdir(folder)).toEqual([]);
  expect((await stat(join(data, "other"))).size).toBe(5);
});

test("the sweep stops when told to, and says so when the folder is gone", async () => {
  await leftover(leftoverName(), new Date(0));
  const reason = new Error("shutting down");
  await expect(spool.sweep({ olderThan: future(), signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
  await rm(folder, { recursive: true });
  await expect(spool.sweep({ olderThan: future() })).rejects.toMatchObject({ code: "STORAGE_FAILED" });
});

test("a spool can't be opened where a file is", async () => {
  await writeFile(join(data, "file"), "");
  await expect(Spool.open(join(data, "file"))).rejects.toMatchObject({ name: "StorageError", code: "STORAGE_FAILED" });
});
