import { randomBytes } from "node:crypto";
import {
  type FileHandle,
  mkdir,
  mkdtemp,
  open,
  readdir,
  readFile,
  readlink,
  rename,
  rm,
  stat,
  symlink,
  writeFile,
} from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { BlobStore } from "../blob-store.ts";
import { openDiskBlobStore } from "../disk-blob-store.ts";
import { mountTmpfs } from "../testing/mount-tmpfs.ts";
import type { PartialBlob } from "./partial-blobs.ts";

const never = new AbortController().signal;
const hasProc = await stat("/proc/self/fd").then(
  () => true,
  () => false,
);
const mayMount = await mountTmpfs("size=64k").then(async (mount) => {
  await mount?.unmount();
  return mount !== undefined;
});

let folder: string;
let root: string;
let store: BlobStore;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "sluice-growing-"));
  root = join(folder, "blobs");
  store = await openDiskBlobStore(root);
});

afterEach(async () => {
  vi.restoreAllMocks();
  await store.close();
  await rm(folder, { recursive: true });
});

const pathOf = ({ key }: PartialBlob) => join(root, "partial", key);
const modeOf = async (path: string) => (await stat(path)).mode & 0o777;
const appendTo = (to: BlobStore, state: PartialBlob, bytes: Uint8Array) =>
  to.partial.append(state, chunksOf(bytes), never);

async function append(state: PartialBlob, bytes: Uint8Array): Promise<PartialBlob> {
  const appended = await appendTo(store, state, bytes);
  expect(appended.cause).toBeUndefined();
  return appended.state;
}

type Call = "writev" | "datasync" | "sync";

/** Calls `intercept` before each of these calls of any handle, with the path that the handle is open on. */
async function interceptCalls(intercept: (call: Call, path: string) => void): Promise<void> {
  await using any = await open(folder);
  const prototype: FileHandle = Object.getPrototypeOf(any);
  for (const call of ["writev", "datasync", "sync"] as const) {
    const original = prototype[call] as (...args: unknown[]) => Promise<unknown>;
    vi.spyOn(prototype, call).mockImplementation(async function (this: FileHandle, ...args: unknown[]) {
      intercept(call, (await readlink(`/proc/self/fd/${this.fd}`)).replace(root, ""));
      return (await original.apply(this, args)) as never;
    });
  }
}

test("keeps everything private", async () => {
  const state = await append(store.partial.begin(5), Buffer.from("123"));
  expect(await modeOf(join(root, "partial"))).toBe(0o700);
  expect(await modeOf(pathOf(state))).toBe(0o600);
});

test("completing costs a link, and the blob outlives the growing file", async () => {
  const state = await append(store.partial.begin(5), Buffer.from("12345"));
  const complete = await store.partial.complete(state);
  if (complete.kind !== "file") throw new Error("it is a file in a folder");
  await store.put(state.key, complete);
  expect((await stat(pathOf(state))).ino).toBe((await stat(join(root, state.key.slice(0, 2), state.key))).ino);
  await store.partial.discard(state);
  expect((await buffer(await store.read(state.key))).toString()).toBe("12345");
});

test.runIf(hasProc)("bytes are on the disk before their offset is told, the name as well", async () => {
  const calls: string[] = [];
  await interceptCalls((call, path) => calls.push(`${call} ${path}`));
  const first = await append(store.partial.begin(600_000), randomBytes(300_000));
  const file = `/partial/${first.key}`;
  expect(calls.filter((call) => !call.startsWith("writev"))).toEqual(["sync ", `datasync ${file}`, "sync /partial"]);
  expect(calls.lastIndexOf(`writev ${file}`)).toBeLessThan(calls.indexOf(`datasync ${file}`));
  calls.length = 0;
  await append(first, randomBytes(300_000));
  expect(calls.at(-1)).toBe(`datasync ${file}`);
  expect(calls.filter((call) => call.startsWith("sync"))).toEqual([]);
});

test.runIf(hasProc)("goes on after a failure of each step of the disk", async () => {
  const bytes = randomBytes(700_000);
  for (const isSaved of [true, false]) {
    for (let stop = 0, isOver = false; !isOver; stop += 1) {
      expect(stop, "it comes to an end").toBeLessThan(30);
      const doomed = await openDiskBlobStore(root);
      let count = 0;
      await interceptCalls((call) => {
        if (++count > stop) throw Object.assign(new Error("EIO"), { code: "EIO", syscall: call });
      });
      let state = doomed.partial.begin(bytes.length);
      for (const end of [300_000, bytes.length]) {
        const { state: appended, cause } = await appendTo(doomed, state, bytes.subarray(state.offset, end));
        if (cause === undefined || isSaved) state = appended;
        if (cause !== undefined) expect(cause).toMatchObject({ name: "StorageError", code: "STORAGE_FAILED" });
        if (cause !== undefined) break;
      }
      vi.restoreAllMocks();
      isOver = count <= stop;
      state = await append(state, bytes.subarray(state.offset));
      const complete = await store.partial.complete(state);
      if (complete.kind !== "file") throw new Error("it is a file in a folder");
      expect(bytes.equals(await readFile(complete.path)), `after ${stop} calls`).toBe(true);
      await store.partial.discard(state);
      expect(await readdir(join(root, "partial"))).toEqual([]);
    }
  }
});

test("takes no link for a growing file, and lists none", async () => {
  const state = await append(store.partial.begin(10), Buffer.from("12345"));
  await writeFile(join(folder, "secret"), "secret");
  await rm(pathOf(state));
  await symlink(join(folder, "secret"), pathOf(state));
  const { cause } = await appendTo(store, state, Buffer.from("67890"));
  expect(cause).toMatchObject({ code: "STORAGE_FAILED" });
  await expect(store.partial.complete({ ...state, offset: 10 })).rejects.toMatchObject({ code: "STORAGE_FAILED" });
  for await (const entry of store.partial.list()) expect(entry).toBeUndefined();
  await store.partial.discard(state);
  expect(await readFile(join(folder, "secret"), "utf8")).toBe("secret");
});

test("what is given back takes no room, and a file that has lost bytes gets no longer", async () => {
  const begun = store.partial.begin(1000);
  await store.partial.giveBack(begun, await append(begun, randomBytes(500)), never);
  expect(await readdir(join(root, "partial"))).toEqual([]);
  const state = await append(begun, Buffer.from("12345"));
  const beyond = await append(state, randomBytes(500));
  await store.partial.giveBack(state, beyond, never);
  expect(await readFile(pathOf(state), "utf8")).toBe("12345");
  await writeFile(pathOf(state), "12");
  await store.partial.giveBack(state, beyond, never);
  expect(await readFile(pathOf(state), "utf8")).toBe("12");
});

test("a file that has lost acknowledged bytes gets no hole in their place", async () => {
  const state = await append(store.partial.begin(10), Buffer.from("12345"));
  await writeFile(pathOf(state), "12");
  const { cause } = await appendTo(store, state, Buffer.from("67890"));
  expect(cause).toMatchObject({ code: "BLOB_MISSING" });
  expect(await readFile(pathOf(state), "utf8")).toBe("12");
});

test("the folder is made again when somebody took it away", async () => {
  await append(store.partial.begin(5), Buffer.from("123"));
  await rm(join(root, "partial"), { recursive: true });
  await appendTo(store, store.partial.begin(5), Buffer.from("123"));
  await append(store.partial.begin(5), Buffer.from("123"));
});

test("bytes are lost when their file is, not when their disk is away", async () => {
  const [state, whole] = [
    await append(store.partial.begin(10), Buffer.from("12345")),
    await append(store.partial.begin(5), Buffer.from("12345")),
  ];
  const outcomes = async () => {
    const { cause } = await appendTo(store, state, Buffer.from("67890"));
    return [cause, await store.partial.complete(whole).catch((error: unknown) => error)];
  };
  const away = [
    expect.objectContaining({ code: "STORAGE_FAILED" }),
    expect.objectContaining({ code: "STORAGE_FAILED" }),
  ];
  await rename(root, `${root}-unmounted`);
  expect(await outcomes()).toEqual(away);
  await mkdir(root);
  expect(await outcomes()).toEqual(away);
  expect(await readdir(root)).toEqual([]);
  // A new upload comes meanwhile.
  await appendTo(store, store.partial.begin(5), Buffer.from("12345"));
  await append(store.partial.begin(5), Buffer.from("12345"));
  expect(await outcomes()).toEqual(away);
  await rm(root, { recursive: true });
  await rename(`${root}-unmounted`, root);
  expect(await store.partial.complete(whole)).toMatchObject({ kind: "file" });
  for (const { key } of [state, whole]) await rm(join(root, "partial", key));
  for (const error of await outcomes()) expect(error).toMatchObject({ code: "BLOB_MISSING" });
});

test.runIf(hasProc)("holds no file open, however a call has ended", async () => {
  const handles = async () => {
    const links = (await readdir("/proc/self/fd")).map((fd) => readlink(`/proc/self/fd/${fd}`).catch(() => ""));
    return (await Promise.all(links)).filter((path) => path.startsWith(folder));
  };
  const state = await append(store.partial.begin(10), Buffer.from("12345"));
  await store.partial.append(state, thenThrow(randomBytes(3)), never);
  await store.partial.append(state, chunksOf(randomBytes(3)), AbortSignal.abort());
  await appendTo(store, { ...state, offset: 9 }, Buffer.from("0"));
  const whole = await append(state, Buffer.from("67890"));
  await store.partial.complete(whole);
  await expect(store.partial.complete({ ...whole, length: 20, offset: 20 })).rejects.toThrow();
  for await (const _ of store.partial.list()) break;
  await store.partial.discard(whole);
  expect(await handles()).toEqual([]);
});

describe.runIf(mayMount)("on a disk of its own", () => {
  test("a full disk keeps what fits, and the rest comes when there is room again", async () => {
    const mount = await mountTmpfs("size=1m");
    if (mount === undefined) throw new Error("Mounting worked a moment ago");
    try {
      const elsewhere = await openDiskBlobStore(join(mount.path, "blobs"));
      const bytes = randomBytes(1_500_000);
      const full = await appendTo(elsewhere, elsewhere.partial.begin(bytes.length), bytes);
      expect(full.cause).toMatchObject({ name: "StorageError", code: "STORAGE_FULL" });
      expect(full.state.offset).toBeGreaterThan(500_000);
      const again = await appendTo(elsewhere, full.state, bytes.subarray(full.state.offset));
      expect(again.cause).toMatchObject({ code: "STORAGE_FULL" });
      await mount.remount("size=4m");
      const { state, cause } = await appendTo(elsewhere, again.state, bytes.subarray(again.state.offset));
      expect(cause).toBeUndefined();
      const complete = await elsewhere.partial.complete(state);
      if (complete.kind !== "file") throw new Error("it is a file in a folder");
      expect(bytes.equals(await readFile(complete.path))).toBe(true);
      await mount.remount("ro");
      await expect(elsewhere.partial.discard(state)).rejects.toMatchObject({ code: "STORAGE_READ_ONLY" });
      const next = await appendTo(elsewhere, elsewhere.partial.begin(5), Buffer.from("12345"));
      expect(next.cause).toMatchObject({ code: "STORAGE_READ_ONLY" });
    } finally {
      await mount.unmount();
    }
  });
});

async function* chunksOf(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  for (let start = 0; start < bytes.length; start += 65_536)
    yield Uint8Array.from(bytes.subarray(start, start + 65_536));
}

async function* thenThrow(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield* chunksOf(bytes);
  throw new Error("the client left");
}
