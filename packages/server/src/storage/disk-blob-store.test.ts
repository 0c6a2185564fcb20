import {
  chmod,
  type FileHandle,
  mkdir,
  mkdtemp,
  open,
  readdir,
  readFile,
  readlink,
  rm,
  rmdir,
  stat,
  symlink,
  writeFile,
} from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { newBlobKey } from "./blob-key.ts";
import type { BlobStore, BytesSource } from "./blob-store.ts";
import { openDiskBlobStore } from "./disk-blob-store.ts";
import { describeBlobStore } from "./testing/blob-store-conformance.ts";
import { fileSource } from "./testing/file-source.ts";
import { type Mount, mountTmpfs } from "./testing/mount-tmpfs.ts";
import { describePartialBlobs } from "./testing/partial-blobs-conformance.ts";

describeBlobStore("disk", async () => {
  const root = await mkdtemp(join(tmpdir(), "sluice-blobs-"));
  return { store: await openDiskBlobStore(root), cleanUp: () => rm(root, { recursive: true }) };
});

describePartialBlobs("disk", async () => {
  const root = await mkdtemp(join(tmpdir(), "sluice-partial-"));
  const reopen = () => openDiskBlobStore(root);
  return { store: await reopen(), reopen, cleanUp: () => rm(root, { recursive: true }) };
});

const small = await mountTmpfs("size=64k,nr_inodes=64");
await small?.unmount();
const mayMount = small !== undefined;
const isRoot = process.getuid?.() === 0;
const hasProc = await stat("/proc/self/fd").then(
  () => true,
  () => false,
);

describe("disk", () => {
  let folder: string;
  let root: string;
  let store: BlobStore;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "sluice-disk-"));
    root = join(folder, "data", "blobs");
    store = await openDiskBlobStore(root);
  });

  afterEach(async () => {
    vi.restoreAllMocks();
    await store.close();
    await rm(folder, { recursive: true });
  });

  const sourceOf = (text: string) => fileSource(folder, text);
  const bytesOf = (text: string): BytesSource => ({ chunks: [Buffer.from(text)], size: Buffer.byteLength(text) });
  const pathOf = (key: string, inRoot = root) => join(inRoot, key.slice(0, 2), key);
  const modeOf = async (path: string) => (await stat(path)).mode & 0o777;

  test("keeps everything private, whatever the source's mode was", async () => {
    const key = newBlobKey();
    const source = await sourceOf("private");
    await chmod(source.path, 0o666);
    await store.put(key, source);
    expect(await modeOf(root)).toBe(0o700);
    expect(await modeOf(join(root, key.slice(0, 2)))).toBe(0o700);
    expect(await modeOf(pathOf(key))).toBe(0o600);
    expect(await readdir(join(root, key.slice(0, 2)))).toEqual([key]);
    const fromMemory = newBlobKey();
    await store.put(fromMemory, bytesOf("private"));
    expect(await modeOf(pathOf(fromMemory))).toBe(0o600);
  });

  test("a store opened again finds its blobs", async () => {
    const key = newBlobKey();
    await store.put(key, await sourceOf("still here"));
    const again = await openDiskBlobStore(root);
    expect((await buffer(await again.read(key))).toString()).toBe("still here");
    await again.put(
      key.replace(/.$/, (last) => (last === "0" ? "1" : "0")),
      await sourceOf("a neighbour"),
    );
  });

  test("follows no link out of its root", async () => {
    await writeFile(join(folder, "secret"), "secret");
    const [link, linkedFolder] = [newBlobKey(0), newBlobKey(1000)];
    await mkdir(join(root, "00"));
    await symlink(join(folder, "secret"), pathOf(link));
    await symlink(folder, join(root, "01"));
    await writeFile(join(folder, linkedFolder), "secret");

    for (const key of [link, linkedFolder]) {
      await expect(store.read(key)).rejects.toMatchObject({ code: "BLOB_MISSING" });
      expect(await store.size(key)).toBeUndefined();
    }
    expect(await keysOf(store)).toEqual([]);
    await expect(store.put(link, await sourceOf("x"))).rejects.toMatchObject({ code: "BLOB_EXISTS" });
    await expect(store.put(link, bytesOf("x"))).rejects.toMatchObject({ code: "BLOB_EXISTS" });
    await expect(store.put(newBlobKey(1000), await sourceOf("x"))).rejects.toMatchObject({ code: "STORAGE_FAILED" });
    await store.delete(linkedFolder);
    expect(await readFile(join(folder, linkedFolder), "utf8")).toBe("secret");
  });

  test("takes no link for a source", async () => {
    const source = await sourceOf("elsewhere");
    await symlink(source.path, join(folder, "link"));
    await expect(store.put(newBlobKey(), { ...source, path: join(folder, "link") })).rejects.toMatchObject({
      code: "STORAGE_FAILED",
    });
  });

  test("lists nothing but blobs", async () => {
    const key = newBlobKey(0);
    await store.put(key, await sourceOf("blob"));
    await mkdir(join(root, "lost+found"), { mode: 0o000 });
    await writeFile(join(root, "note"), "");
    await writeFile(join(root, "00", "note"), "");
    await writeFile(join(root, "00", newBlobKey(1000)), "in another's folder");
    await mkdir(join(root, "00", newBlobKey(0)));
    expect(await keysOf(store)).toEqual([key]);
    await rmdir(join(root, "lost+found"));
  });

  test("a blob's age counts from its storing, not from its source's last write", async () => {
    const source = await sourceOf("spooled for hours");
    await using handle = await open(source.path, "r+");
    await handle.utimes(0, 0);
    await store.put(newBlobKey(), source);
    for await (const { modifiedAt } of store.list()) {
      expect(modifiedAt.getTime()).toBeGreaterThan(Date.now() - 60_000);
    }
    expect.assertions(1);
  });

  test("a fan-out folder that was taken away is made again", async () => {
    await store.put(newBlobKey(0), await sourceOf("first"));
    await rm(join(root, "00"), { recursive: true });
    await store.put(newBlobKey(0), await sourceOf("second")).catch(() => undefined);
    const key = newBlobKey(0);
    await store.put(key, await sourceOf("third"));
    expect(await store.size(key)).toBe(5);
    await rm(join(root, "00"), { recursive: true });
    await expect(store.put(newBlobKey(0), bytesOf("fourth"))).rejects.toMatchObject({ code: "STORAGE_FAILED" });
    await store.put(key, bytesOf("fifth"));
    expect(await store.size(key)).toBe(5);
  });

  test("is not well when its root is gone or is no folder", async () => {
    await rm(root, { recursive: true });
    await expect(store.check()).rejects.toMatchObject({ code: "STORAGE_FAILED" });
    await writeFile(root, "");
    await expect(store.check()).rejects.toMatchObject({ code: "STORAGE_FAILED" });
    await expect(openDiskBlobStore(root)).rejects.toMatchObject({ name: "StorageError", code: "STORAGE_FAILED" });
  });

  describe("on its way to the disk", () => {
    /** Calls `sync` in place of every handle's own `sync`, with the path that the handle is open on. */
    async function interceptSync(sync: (path: string, proceed: () => Promise<void>) => Promise<void>): Promise<void> {
      await using any = await open(folder);
      const prototype: FileHandle = Object.getPrototypeOf(any);
      const original = prototype.sync;
      vi.spyOn(prototype, "sync").mockImplementation(async function (this: FileHandle) {
        await sync(await readlink(`/proc/self/fd/${this.fd}`), () => original.call(this));
      });
    }

    test.runIf(hasProc)("bytes come before the name, the name before success", async () => {
      const key = newBlobKey();
      const source = await sourceOf("bytes");
      const events: string[] = [];
      await interceptSync(async (path, proceed) => {
        const visible = (await store.size(key)) !== undefined;
        events.push(`${path.replace(folder, "")} ${visible ? "visible" : "unseen"}`);
        await proceed();
      });
      await store.put(key, source);
      expect(events).toEqual([
        "/data/blobs unseen",
        `${source.path.replace(folder, "")} unseen`,
        `/data/blobs/${key.slice(0, 2)} visible`,
      ]);
    });

    test.runIf(hasProc)("shows nothing when the disk fails", async () => {
      const failing = { path: "" };
      await interceptSync(async (path, proceed) => {
        if (path === failing.path) throw Object.assign(new Error("EIO"), { code: "EIO", syscall: "fsync" });
        await proceed();
      });
      const key = newBlobKey();
      for (const name of ["root", "source", "folder"]) {
        const source = await sourceOf("bytes");
        failing.path = { root, source: source.path, folder: join(root, key.slice(0, 2)) }[name] ?? "";
        await expect(store.put(key, source), name).rejects.toMatchObject({ code: "STORAGE_FAILED" });
        expect(await store.size(key), name).toBeUndefined();
      }
      await expect(store.put(key, bytesOf("bytes"))).rejects.toMatchObject({ code: "STORAGE_FAILED" });
      expect(await store.size(key)).toBeUndefined();
      failing.path = "";
      await store.put(key, await sourceOf("bytes"));
    });

    test.runIf(hasProc && mayMount)("keeps no copy that didn't get there", async () => {
      await onTmpfs("size=256k", async ({ path: mounted }) => {
        const elsewhere = await openDiskBlobStore(mounted);
        const key = newBlobKey();
        await interceptSync(async (path, proceed) => {
          if (path.endsWith(key)) throw Object.assign(new Error("EIO"), { code: "EIO", syscall: "fsync" });
          await proceed();
        });
        const source = await sourceOf("bytes");
        await expect(elsewhere.put(key, source)).rejects.toMatchObject({ code: "STORAGE_FAILED" });
        expect(await keysOf(elsewhere)).toEqual([]);
      });
    });

    test.runIf(hasProc)("many at once share the fsync of their folder", async () => {
      const syncs = new Map<string, number>();
      await interceptSync(async (path, proceed) => {
        syncs.set(path, (syncs.get(path) ?? 0) + 1);
        await proceed();
      });
      const sources = await Promise.all(Array.from({ length: 32 }, (_, n) => sourceOf(`${n}`)));
      await Promise.all(sources.map((source) => store.put(newBlobKey(0), source)));
      expect(syncs.get(root)).toBe(1);
      expect(syncs.get(join(root, "00"))).toBeLessThan(32);
      for (const { path } of sources) expect(syncs.get(path)).toBe(1);
    });
  });

  test.runIf(hasProc)("holds no file open, however a call has ended", async () => {
    const handles = async () => {
      const links = (await readdir("/proc/self/fd")).map((fd) => readlink(`/proc/self/fd/${fd}`).catch(() => ""));
      return (await Promise.all(links)).filter((path) => path.startsWith(folder));
    };
    const key = newBlobKey();
    await store.put(key, await sourceOf("x".repeat(300_000)));
    await expect(store.put(key, await sourceOf("again"))).rejects.toThrow();
    await store.put(newBlobKey(), bytesOf("in memory"));
    await expect(store.put(key, bytesOf("again"))).rejects.toThrow();
    const leaving = new AbortController();
    const left = store.put(newBlobKey(), bytesOf("x".repeat(200_000)), leaving.signal);
    leaving.abort();
    await expect(left).rejects.toThrow();
    expect(await handles()).toEqual([]);
    await buffer(await store.read(key));
    (await store.read(key)).destroy();
    for await (const _ of await store.read(key, { start: 5, end: 250_000 })) break;
    const aborter = new AbortController();
    const aborted = await store.read(key, undefined, aborter.signal);
    aborter.abort();
    await expect(buffer(aborted)).rejects.toThrow();
    await expect(store.read(key, { start: 2, end: 1 })).rejects.toThrow(RangeError);
    for await (const _ of store.list()) break;
    await expect.poll(handles).toEqual([]);
  });

  test.runIf(mayMount)(
    "takes files from another file system; a full disk is told apart and shows nothing",
    async () => {
      await onTmpfs("size=256k", async (mount) => {
        const elsewhere = await openDiskBlobStore(join(mount.path, "blobs"));
        const source = await sourceOf("x".repeat(100_000));
        await chmod(source.path, 0o644);
        const key = newBlobKey();
        await elsewhere.put(key, source);
        expect((await buffer(await elsewhere.read(key))).length).toBe(100_000);
        expect(await modeOf(pathOf(key, join(mount.path, "blobs")))).toBe(0o600);

        const large = await sourceOf("x".repeat(300_000));
        await expect(elsewhere.put(newBlobKey(), large)).rejects.toMatchObject({ code: "STORAGE_FULL" });
        const fromMemory = elsewhere.put(newBlobKey(), bytesOf("x".repeat(300_000)));
        await expect(fromMemory).rejects.toMatchObject({ code: "STORAGE_FULL" });
        const again = await sourceOf("x");
        await expect(elsewhere.put(key, again)).rejects.toMatchObject({ code: "BLOB_EXISTS" });
        expect(await keysOf(elsewhere)).toEqual([key]);

        await mount.remount("ro");
        await expect(elsewhere.check()).rejects.toMatchObject({ code: "STORAGE_READ_ONLY" });
        for (const source of [again, bytesOf("x")]) {
          await expect(elsewhere.put(newBlobKey(), source)).rejects.toMatchObject({ code: "STORAGE_READ_ONLY" });
        }
        await expect(elsewhere.delete(key)).rejects.toMatchObject({ code: "STORAGE_READ_ONLY" });
        expect((await buffer(await elsewhere.read(key))).length).toBe(100_000);
      });
    },
  );

  test.skipIf(isRoot)("says so when it may not write (root may always)", async () => {
    await chmod(root, 0o500);
    await expect(store.check()).rejects.toMatchObject({ code: "STORAGE_READ_ONLY" });
    await expect(store.put(newBlobKey(), await sourceOf("x"))).rejects.toMatchObject({ code: "STORAGE_READ_ONLY" });
    await chmod(root, 0o700);
  });
});

async function keysOf(store: BlobStore): Promise<string[]> {
  const keys: string[] = [];
  for await (const { key } of store.list()) keys.push(key);
  return keys;
}

async function onTmpfs(options: string, use: (mount: Mount) => Promise<void>): Promise<void> {
  const mount = await mountTmpfs(options);
  if (mount === undefined) throw new Error("Mounting worked a moment ago");
  try {
    await use(mount);
  } finally {
    await mount.unmount();
  }
}
