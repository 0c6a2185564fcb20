import { mkdtemp, readdir, readFile, rm, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { BlobSource, ByteRange, OpenedFile, SharedFiles } from "../../../storage/blob-store.ts";
import { maxWholeBytes } from "./entry.ts";
import { bytesOf, type KeptRendition, type MadeRendition } from "./kept-rendition.ts";
import { RenditionCache } from "./rendition-cache.ts";
import type { RenditionSource } from "./rendition-cache-options.ts";
import { RenditionFolder } from "./rendition-folder.ts";
import { SharedTier } from "./shared-tier.ts";

const forever = new AbortController().signal;
const key = "0123456789abcdef0123456789abcdef";
const picture = { data: Buffer.alloc(3000, 7), contentType: "image/png", width: 40 };

/** A bucket in memory. */
class Files implements SharedFiles {
  readonly objects = new Map<string, Buffer>();
  asked = 0;

  async get(one: string, _signal: AbortSignal): Promise<Buffer | undefined> {
    this.asked += 1;
    return this.objects.get(one);
  }

  async open(one: string, range: ByteRange | undefined, signal: AbortSignal): Promise<OpenedFile | undefined> {
    const bytes = await this.get(one, signal);
    if (bytes === undefined) return undefined;
    const part = range === undefined ? bytes : bytes.subarray(range.start, range.end + 1);
    return { size: bytes.length, body: Readable.from([part]) };
  }

  async put(one: string, source: BlobSource): Promise<void> {
    this.objects.set(one, "chunks" in source ? Buffer.concat(source.chunks) : await readFile(source.path));
  }

  async remove(): Promise<number> {
    return 0;
  }
}

let root: string;
let counted: RenditionSource[];
let troubles: unknown[];
let now: number;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "sluice-shared-"));
  [counted, troubles, now] = [[], [], 0];
});
afterEach(() => rm(root, { recursive: true, force: true }));

const tier = (files: SharedFiles, waitMs = 1000) =>
  new SharedTier({ files, waitMs, pendingBytes: 4000, troubled: (error) => troubles.push(error), now: () => now });

/** A node with a disk of its own. */
function node(name: string, files: SharedFiles, waitMs?: number): RenditionCache {
  return new RenditionCache({
    folder: new RenditionFolder(join(root, name)),
    shared: tier(files, waitMs),
    memoryBytes: 2 ** 20,
    diskBytes: 2 ** 30,
    count: (source) => counted.push(source),
    troubled: (error) => troubles.push(error),
  });
}

const make = async () => picture;

describe("what nodes share", () => {
  test("is made by one of them, found by the next, and on its own disk from then on", async () => {
    const files = new Files();
    const one = node("one", files);
    const made = await one.get(key, make, forever);
    await expect.poll(() => files.objects.size).toBe(1);
    await one.close();
    const other = node("other", files);
    expect(await other.get(key, make, forever)).toEqual(made);
    await other.close();
    const again = node("other", files);
    expect(await again.get(key, make, forever)).toEqual(made);
    await again.close();
    expect(counted).toEqual(["made", "shared", "disk"]);
    expect(files.asked).toBe(2);
    expect(troubles).toEqual([]);
  });

  test("that was damaged there is made again, and put there anew", async () => {
    const files = new Files();
    files.objects.set(key, Buffer.from("half of it"));
    const cache = node("one", files);
    expect(await cache.get(key, make, forever)).toMatchObject(picture);
    await expect.poll(() => files.objects.get(key)?.length).toBeGreaterThan(3000);
    await cache.close();
    expect(counted).toEqual(["made"]);
  });

  test("is made where the storage fails, which is asked again only after a while", async () => {
    class Broken extends Files {
      override async get(): Promise<never> {
        this.asked += 1;
        throw new Error("unreachable");
      }
    }
    const files = new Broken();
    const shared = tier(files);
    expect(await shared.find(key, forever)).toBeUndefined();
    expect(await shared.find(key, forever)).toBeUndefined();
    shared.share(key, { chunks: [picture.data], size: 3000 });
    expect([files.asked, files.objects.size, troubles.length]).toEqual([1, 0, 1]);
    now += 10_000;
    expect(await shared.find(key, forever)).toBeUndefined();
    expect(files.asked).toBe(2);
    await shared.close();
  });

  test("is waited for no longer than told", async () => {
    class Hanging extends Files {
      override get(_one: string, signal: AbortSignal): Promise<never> {
        return new Promise((_resolve, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
      }
    }
    const cache = node("one", new Hanging(), 20);
    const begun = performance.now();
    expect(await cache.get(key, make, forever)).toMatchObject(picture);
    expect(performance.now() - begun).toBeLessThan(2000);
    await cache.close();
  });

  test("ends with whoever asked, which is no trouble", async () => {
    const leaving = new AbortController();
    class Hanging extends Files {
      override get(_one: string, signal: AbortSignal): Promise<never> {
        leaving.abort(new Error("gone"));
        return Promise.reject(signal.reason);
      }
    }
    await expect(tier(new Hanging()).find(key, leaving.signal)).rejects.toThrow("gone");
    expect(troubles).toEqual([]);
  });

  test("waits in memory within bounds, and for nobody's end", async () => {
    const gate = Promise.withResolvers<void>();
    class Slow extends Files {
      override async put(one: string, source: BlobSource): Promise<void> {
        await gate.promise;
        await super.put(one, source);
      }
    }
    const files = new Slow();
    const shared = tier(files);
    for (let index = 0; index < 6; index++)
      shared.share(`${index}${key.slice(1)}`, { chunks: [Buffer.alloc(1500)], size: 1500 });
    const closed = shared.close();
    gate.resolve();
    await closed;
    expect(files.objects.size).toBe(2);
    expect(troubles).toEqual([]);
  });
});

describe("what is dear to make", () => {
  const closed = { get: false, put: 0 };
  class Failing extends Files {
    override async get(one: string, signal: AbortSignal): Promise<Buffer | undefined> {
      if (closed.get) throw new Error("unreachable");
      return super.get(one, signal);
    }

    override async put(one: string, source: BlobSource): Promise<void> {
      if (closed.put-- > 0) throw new Error("unwritable");
      await super.put(one, source);
    }
  }
  beforeEach(() => Object.assign(closed, { get: false, put: 0 }));

  test("is shared once it is put, also after a failure, and beyond the bound of pending uploads", async () => {
    const files = new Failing();
    const cache = node("one", files);
    closed.get = true;
    expect(await cache.find(key, forever)).toBeUndefined();
    closed.put = 1;
    await cache.put(key, { ...picture, data: Buffer.alloc(9000, 7) });
    expect(files.objects.get(key)?.length).toBeGreaterThan(9000);
    await cache.close();
    expect(troubles).toHaveLength(1);
  });

  test("is on the node's own disk where the storage fails twice, and is shared when it is sought", async () => {
    const files = new Failing();
    closed.put = 2;
    const one = node("one", files);
    await one.put(key, picture);
    await one.close();
    expect([files.objects.size, troubles.length]).toEqual([0, 1]);
    const again = node("one", files);
    expect(await again.seek(key, forever)).toMatchObject(picture);
    expect(files.objects.size).toBe(1);
    await again.close();
    const other = node("other", files);
    expect(await other.seek(key, forever)).toMatchObject(picture);
    await other.close();
    expect(counted).toEqual(["made", "disk", "shared"]);
  });

  test("is waited for longer than requests wait, and not taken for missing where the storage fails", async () => {
    class Slow extends Failing {
      override async get(one: string, signal: AbortSignal): Promise<Buffer | undefined> {
        await sleep(30, undefined, { signal });
        return super.get(one, signal);
      }
    }
    const files = new Slow();
    const one = node("one", files);
    await one.put(key, picture);
    await one.close();
    const cache = node("other", files, 5);
    expect(await cache.find(key, forever)).toBeUndefined();
    expect(await cache.seek(key, forever)).toMatchObject(picture);
    closed.get = true;
    await expect(cache.seek(`f${key.slice(1)}`, forever)).rejects.toThrow("unreachable");
    await cache.close();
  });
});

describe("what is large", () => {
  const size = maxWholeBytes + 1000;

  /** Makes a file as an encoder does. */
  async function makeFile(cache: RenditionCache, byte = 7): Promise<MadeRendition> {
    const path = await cache.newFile();
    await writeFile(path, Buffer.alloc(size, byte));
    return { path, contentType: "video/mp4", width: 640 };
  }

  const read = async (kept: KeptRendition | undefined, start: number, end: number) =>
    kept?.data === undefined ? buffer((await kept?.open({ start, end }, forever)) ?? Readable.from([])) : undefined;

  test("is taken over as a file, and read by ranges, by the next process as well", async () => {
    const files = new Files();
    const cache = node("one", files);
    const made = await cache.get(key, () => makeFile(cache), forever);
    expect(made).toMatchObject({ size, contentType: "video/mp4", width: 640 });
    expect(await read(made, size - 3, size - 1)).toEqual(Buffer.alloc(3, 7));
    expect(await bytesOf(made, forever)).toHaveLength(size);
    expect(await readdir(join(root, "one", "unfinished"))).toHaveLength(1);
    await expect.poll(() => files.objects.size).toBe(1);
    await cache.close();
    const again = node("one", files);
    const found = await again.find(key, forever);
    expect(found).toMatchObject({ size, digest: made.digest });
    expect(await read(found, 0, 1)).toEqual(Buffer.alloc(2, 7));
    await again.close();
    expect(counted).toEqual(["made", "disk"]);
  });

  test("is read where another node has left it, while it is copied", async () => {
    const files = new Files();
    const one = node("one", files);
    await one.put(key, await makeFile(one));
    await one.close();
    const other = node("other", files);
    const found = await other.find(key, forever);
    expect(found).toMatchObject({ size, contentType: "video/mp4" });
    expect(await read(found, 5, 6)).toEqual(Buffer.alloc(2, 7));
    await expect.poll(() => new RenditionFolder(join(root, "other")).find(key)).toBeDefined();
    await other.close();
    expect(troubles).toEqual([]);
  });

  test("is gone for its readers once it is dropped, and no file of anybody else's is taken over", async () => {
    const cache = node("one", new Files());
    const kept = await cache.get(key, () => makeFile(cache), forever);
    await cache.drop(() => true, forever);
    await expect(read(kept, 0, 1)).rejects.toMatchObject({ code: "BLOB_MISSING" });
    const theirs = { path: join(root, "theirs"), contentType: "video/mp4", width: 1 };
    await expect(cache.get(key, async () => theirs, forever)).rejects.toThrow("Not a file of this folder");
    await cache.close();
  });

  test("that was cut is made again", async () => {
    const before = node("one", new Files());
    await before.put(key, await makeFile(before));
    await before.close();
    await truncate(join(root, "one", key.slice(0, 2), key), maxWholeBytes + 500);
    const cache = node("one", new Files());
    expect(await read(await cache.get(key, () => makeFile(cache, 8), forever), 0, 0)).toEqual(Buffer.alloc(1, 8));
    await cache.close();
  });
});
