import { mkdtemp, readdir, rm, truncate, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { MadeRendition } from "./kept-rendition.ts";
import { RenditionCache, touchMs } from "./rendition-cache.ts";
import type { RenditionCacheOptions } from "./rendition-cache-options.ts";
import { RenditionFolder } from "./rendition-folder.ts";
import type { SharedTier } from "./shared-tier.ts";

const forever = new AbortController().signal;
const key = "0123456789abcdef0123456789abcdef";
const otherKey = "ab23456789abcdef0123456789abcdef";

let root: string;
let counted: Record<string, number>;
let troubles: unknown[];
let makings: number;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "sluice-derived-"));
  counted = {};
  troubles = [];
  makings = 0;
});
afterEach(() => rm(root, { recursive: true, force: true }));

function open(options: Partial<RenditionCacheOptions> = {}): RenditionCache {
  return new RenditionCache({
    folder: new RenditionFolder(root),
    memoryBytes: 2 ** 20,
    diskBytes: 2 ** 30,
    count: (source) => {
      counted[source] = (counted[source] ?? 0) + 1;
    },
    troubled: (error) => troubles.push(error),
    ...options,
  });
}

function picture(size = 3000): MadeRendition {
  return { data: Buffer.alloc(size, 7), contentType: "image/png", width: 40 };
}

/** Returns a function that makes a picture and counts its calls. */
function maker(made = picture(), gate: Promise<void> = Promise.resolve()): () => Promise<MadeRendition> {
  return async () => {
    makings += 1;
    await gate;
    return made;
  };
}

/**
 * Waits until the entry is on disk, because writing goes on after the answer. From then on the write no longer
 * changes the entry's time.
 */
async function resolved(one: string): Promise<void> {
  const folder = new RenditionFolder(root);
  await expect.poll(() => folder.find(one), { interval: 1 }).toBeDefined();
}

describe("what is found, and put there", () => {
  test("is put there while somebody looks for it, and is found from then on", async () => {
    const gate = Promise.withResolvers<undefined>();
    const shared = { find: () => gate.promise, keep: async () => undefined, close: async () => undefined };
    const cache = open({ shared: shared as unknown as SharedTier });
    const looked = cache.find(key, forever);
    await cache.put(key, picture());
    gate.resolve(undefined);
    expect(await looked).toBeUndefined();
    expect(await cache.find(key, forever)).toMatchObject({ width: 40 });
    await cache.close();
  });

  test("is on disk once it is put, also when the memory takes neither it nor the waiting writes", async () => {
    const cache = open({ memoryBytes: 4000 });
    await Promise.all([cache.put(key, picture()), cache.put(otherKey, picture())]);
    expect(await open().find(key, forever)).toMatchObject({ width: 40 });
    expect(await open().find(otherKey, forever)).toMatchObject({ width: 40 });
    await cache.close();
  });
});

describe("what is made of a version", () => {
  test("is made once, and then comes from memory, and in the next process from the disk", async () => {
    const first = open();
    const made = await first.get(key, maker(), forever);
    expect(await first.get(key, maker(), forever)).toBe(made);
    await first.close();
    const second = open();
    expect(await second.get(key, maker(), forever)).toEqual(made);
    expect(await second.get(key, maker(), forever)).toEqual(made);
    await second.close();
    expect(makings).toBe(1);
    expect(counted).toEqual({ made: 1, memory: 2, disk: 1 });
    expect(troubles).toEqual([]);
  });

  test("is made once for those who ask at the same time", async () => {
    const cache = open();
    const gate = Promise.withResolvers<void>();
    const asked = [1, 2, 3].map(() => cache.get(key, maker(picture(), gate.promise), forever));
    gate.resolve();
    expect(new Set(await Promise.all(asked)).size).toBe(1);
    expect(makings).toBe(1);
    await cache.close();
  });

  test("is not made again while it is on its way to the disk, too large for the memory as it may be", async () => {
    const gate = Promise.withResolvers<void>();
    class SlowFolder extends RenditionFolder {
      override async write(one: string, chunks: readonly Uint8Array[]): Promise<void> {
        await gate.promise;
        await super.write(one, chunks);
      }
    }
    const cache = open({ folder: new SlowFolder(root) });
    const large = maker(picture(2 ** 20));
    await cache.get(key, large, forever);
    await cache.get(key, large, forever);
    gate.resolve();
    await cache.close();
    await cache.get(key, large, forever);
    expect(makings).toBe(1);
    expect(counted).toEqual({ made: 1, memory: 1, disk: 1 });
  });

  test("is told from what is made under another key", async () => {
    const cache = open();
    const other = { ...picture(10), contentType: "image/gif" };
    await cache.get(key, maker(), forever);
    expect(await cache.get(otherKey, maker(other), forever)).toMatchObject(other);
    await cache.close();
  });

  test("is made again where the disk has kept a part of it, which is removed", async () => {
    const before = open();
    await before.get(key, maker(), forever);
    await before.close();
    const path = join(root, key.slice(0, 2), key);
    for (const spoil of [() => truncate(path, 1000), () => truncate(path, 9999), () => writeFile(path, "")]) {
      await spoil();
      const cache = open();
      expect(await cache.get(key, maker(), forever)).toMatchObject(picture());
      await cache.close();
      expect(counted.disk).toBeUndefined();
    }
    expect(makings).toBe(4);
    expect(troubles).toEqual([]);
  });

  test("that fails is not kept, and the next one tries", async () => {
    const cache = open();
    await expect(cache.get(key, () => Promise.reject(new Error("broken")), forever)).rejects.toThrow("broken");
    expect(await cache.get(key, maker(), forever)).toMatchObject(picture());
    await cache.close();
  });

  test("is given out where the disk doesn't take it", async () => {
    await writeFile(join(root, "01"), "a file where a folder should be");
    const cache = open();
    expect(await cache.get(key, maker(), forever)).toMatchObject(picture());
    await cache.close();
    expect(troubles).not.toEqual([]);
  });

  test("stays off the disk when it is larger than all that may be there", async () => {
    const cache = open({ diskBytes: 2999 });
    await cache.get(key, maker(), forever);
    await cache.close();
    expect(await readdir(root)).toEqual([]);
  });

  test("stays within its budget on the disk, those used longest ago gone", async () => {
    const [size, count] = [3700, 100];
    const cache = open({ diskBytes: 20 * 4096 });
    const keys = Array.from({ length: count }, (_, index) => `${String(index).padStart(2, "0")}${key.slice(2)}`);
    for (const [index, one] of keys.entries()) {
      await cache.get(one, maker(picture(size)), forever);
      await resolved(one);
      await utimes(join(root, one.slice(0, 2), one), index, index).catch(() => undefined);
    }
    await cache.close();
    await cache.sweep(forever);
    const left: string[] = [];
    for await (const entry of new RenditionFolder(root).list(forever)) left.push(entry.key);
    expect(left.length).toBeLessThanOrEqual(20);
    expect(left.length).toBeGreaterThanOrEqual(17);
    expect(left.sort()).toEqual(keys.slice(-left.length));
  });

  test("leaves nothing unfinished", async () => {
    const cache = open();
    await cache.get(key, maker(), forever);
    await cache.close();
    expect(await readdir(join(root, "unfinished"))).toEqual([]);
  });

  test("is marked as used now and then, however it is served", async () => {
    let now = Date.UTC(2026, 0, 1);
    const folder = new RenditionFolder(root);
    const usedAt = async (): Promise<number | undefined> => {
      for await (const entry of folder.list(forever)) return entry.usedAt;
      return undefined;
    };
    const first = open({ now: () => now });
    await first.get(key, maker(), forever);
    await first.close();
    const second = open({ now: () => now });
    await second.get(key, maker(), forever);
    await second.close();
    expect(await usedAt()).toBe(now);
    const third = open({ now: () => now });
    await third.get(key, maker(), forever);
    const before = now;
    now += touchMs - 1;
    await third.get(key, maker(), forever);
    await third.close();
    expect(await usedAt()).toBe(before);
    now += 1;
    await third.get(key, maker(), forever);
    await third.close();
    expect(await usedAt()).toBe(now);
  });
});
