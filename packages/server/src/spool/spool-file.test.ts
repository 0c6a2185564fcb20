import { createHash, randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { type FileHandle, mkdtemp, open, readdir, readFile, rename, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setImmediate as turn } from "node:timers/promises";
import fc from "fast-check";
import { afterEach, beforeEach, expect, type Mock, test, vi } from "vitest";
import { blockBytes, type FinishedSpoolFile, SpoolFile } from "./spool-file.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "sluice-spool-file-"));
});
afterEach(() => rm(folder, { recursive: true }));

const create = (path: string) => open(path, "wx+", 0o600);

function newFile({ open = create, signal }: { open?: typeof create; signal?: AbortSignal } = {}) {
  const released = vi.fn();
  const took = vi.fn();
  const path = join(folder, randomBytes(8).toString("hex"));
  const options = { open: async () => ({ path, handle: await open(path) }), took, released, signal };
  return { path, released, took, file: new SpoolFile(options) };
}

function watched(handle: FileHandle, writev: Mock): FileHandle {
  writev.mockImplementation(handle.writev.bind(handle));
  return Object.assign(handle, { writev });
}

/** A file whose creation waits for the test; `writev` sees its writes. */
function slowFile() {
  const gate = Promise.withResolvers<void>();
  const writev = vi.fn();
  const made = newFile({
    open: async (path) => {
      await gate.promise;
      return watched(await create(path), writev);
    },
  });
  return { ...made, writev, letGo: gate.resolve };
}

const sha256 = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");
const block = () => randomBytes(blockBytes);

const contentOf = (spooled: FinishedSpoolFile) =>
  "chunks" in spooled ? Promise.resolve(Buffer.concat(spooled.chunks)) : readFile(spooled.path);

test("whatever the chunks, size, digest and file are those of the whole", async () => {
  const lengths = fc.array(
    fc.oneof(fc.constant(0), fc.nat(300), fc.nat(70_000), fc.constantFrom(262_143, 262_144, 262_145, 600_000)),
    { maxLength: 12 },
  );
  await fc.assert(
    fc.asyncProperty(lengths, fc.boolean(), async (lengths, patient) => {
      const { file, path } = newFile();
      try {
        const chunks = lengths.map((length) => randomBytes(length));
        const whole = Buffer.concat(chunks);
        const writes: Promise<void>[] = [];
        for (const chunk of chunks) {
          const write = file.write(chunk);
          if (patient) await write;
          writes.push(write);
        }
        const finishing = file.finish();
        await Promise.all(writes);
        const spooled = await finishing;
        const { size, sha256: digest } = spooled;
        expect(size).toBe(whole.length);
        expect(file.size).toBe(whole.length);
        expect(digest.toString("hex")).toBe(sha256(whole));
        if ("path" in spooled) expect(spooled.path).toBe(path);
        else expect(whole.length).toBeLessThan(blockBytes);
        expect(whole.equals(await contentOf(spooled))).toBe(true);
      } finally {
        await file.discard();
      }
    }),
    { numRuns: 60 },
  );
});

test("a chunk's memory is given back once it is written, unless others share it", async () => {
  const { file } = newFile();
  const [own, shared] = [block(), block().subarray(1)];
  await file.write(own);
  await file.write(shared);
  await file.finish();
  expect(own.byteLength).toBe(0);
  expect(shared.byteLength).toBe(256 * 1024 - 1);
  await file.discard();
});

test("many small chunks make whole files too", async () => {
  const { file, path } = newFile();
  const whole = randomBytes(1000);
  for (const byte of whole) await file.write(Uint8Array.of(byte));
  expect((await stat(path)).size, "a trickle is not hoarded in memory").toBeGreaterThan(500);
  expect((await file.finish()).sha256.toString("hex")).toBe(sha256(whole));
  expect(whole.equals(await readFile(path))).toBe(true);
  await file.discard();
});

test("a small upload costs no file, and gives its memory back when it is discarded", async () => {
  const { file, released } = newFile();
  const chunks = [randomBytes(64 * 1024), randomBytes(36 * 1024)];
  const whole = Buffer.concat(chunks);
  for (const chunk of chunks) await file.write(chunk);
  const spooled = await file.finish();
  expect(whole.equals(await contentOf(spooled))).toBe(true);
  expect(await readdir(folder)).toEqual([]);
  await file.discard();
  expect(chunks.map(({ byteLength }) => byteLength)).toEqual([0, 0]);
  expect(released).toHaveBeenCalledTimes(1);
});

test("a large upload costs one write for each block, a refused small one no file at all", async () => {
  const writev = vi.fn();
  const { file } = newFile({
    open: async (path) => {
      return watched(await create(path), writev);
    },
  });
  await file.write(block());
  await file.write(randomBytes(36 * 1024));
  await file.finish();
  expect(writev).toHaveBeenCalledTimes(2);
  await file.discard();

  const refused = newFile();
  await refused.file.write(randomBytes(64 * 1024));
  await refused.file.discard();
  expect(refused.released).toHaveBeenCalledTimes(1);
  expect(await readdir(folder)).toEqual([]);
});

test("one block may wait for the disk while the next one fills, no more", async () => {
  const { file, letGo } = slowFile();
  await file.write(block());
  await file.write(randomBytes(1000));
  let accepted = false;
  const second = file.write(block()).then(() => {
    accepted = true;
  });
  await turn();
  expect(accepted).toBe(false);
  letGo();
  await second;
  await file.finish();
  await file.discard();
});

test.runIf(existsSync("/dev/full"))(
  "the disk's refusal comes out as a storage error, and goes on doing so",
  async () => {
    const failing = { open: () => open("/dev/full", "r+") };
    const { file, released } = newFile(failing);
    await file.write(block());
    await expect(file.write(block())).rejects.toMatchObject({ name: "StorageError", code: "STORAGE_FULL" });
    await expect(file.write(Buffer.from("more"))).rejects.toMatchObject({ code: "STORAGE_FULL" });
    await expect(file.finish()).rejects.toMatchObject({ code: "STORAGE_FULL" });
    await file.discard();
    expect(released).toHaveBeenCalledTimes(1);

    const late = newFile(failing);
    await late.file.write(block());
    await expect(late.file.finish()).rejects.toMatchObject({ code: "STORAGE_FULL" });
    await late.file.discard();
  },
);

test("a folder that is gone is a storage error too, and leaves nothing to discard", async () => {
  const { file, released } = newFile({ open: () => create(join(folder, "none", "x")) });
  await file.write(block());
  await expect(file.finish()).rejects.toMatchObject({ code: "STORAGE_FAILED" });
  await file.discard();
  expect(released).toHaveBeenCalledTimes(1);
});

test("an unused file is an empty one", async () => {
  const { file } = newFile();
  expect(await file.finish()).toMatchObject({ size: 0, chunks: [] });
  await file.discard();
  expect(await readdir(folder)).toEqual([]);
});

test("the handle stays open for the blob store until the file is discarded", async () => {
  const { file } = newFile();
  await file.write(Buffer.alloc(blockBytes, "spooled"));
  const spooled = await file.finish();
  if (!("handle" in spooled)) throw new Error("it is in memory");
  const { handle } = spooled;
  await handle.sync();
  expect((await handle.read(Buffer.alloc(7), 0, 7, 0)).buffer.toString()).toBe("spooled");
  await file.discard();
  await expect(handle.sync()).rejects.toMatchObject({ code: "EBADF" });
});

test("can be discarded in every state, more than once", async () => {
  const untouched = newFile();
  await untouched.file.discard();

  const written = newFile();
  await written.file.write(block());
  await written.file.write(Buffer.from("pending"));
  await Promise.all([written.file.discard(), written.file.discard()]);

  const finished = newFile();
  await finished.file.write(block());
  await finished.file.finish();
  await finished.file.discard();
  await finished.file.discard();

  const moved = newFile();
  await moved.file.write(block());
  await moved.file.finish();
  await rename(moved.path, join(folder, "blob"));
  await moved.file.discard();

  for (const { released } of [untouched, written, finished, moved]) expect(released).toHaveBeenCalledTimes(1);
  expect(await readdir(folder)).toEqual(["blob"]);
});

test("discarding waits for the write under way; those who wait for room are told", async () => {
  const { file, letGo, released, writev } = slowFile();
  await file.write(block());
  const waiting = file.write(block());
  const discarding = file.discard();
  await turn();
  expect(released).not.toHaveBeenCalled();
  letGo();
  await expect(waiting).rejects.toThrow("discarded");
  await discarding;
  expect(writev, "what nobody wants is not written").toHaveBeenCalledTimes(1);
  await expect(file.write(Buffer.from("late"))).rejects.toThrow("discarded");
  await expect(file.finish()).rejects.toThrow("discarded");
  expect(await readdir(folder)).toEqual([]);
});

test("discarding while it finishes leaves nothing", async () => {
  const { file, letGo } = slowFile();
  await file.write(block());
  const finishing = file.finish();
  const discarding = file.discard();
  letGo();
  await expect(finishing).rejects.toThrow("discarded");
  await discarding;
  expect(await readdir(folder)).toEqual([]);
});

test("a finished file takes no more and finishes once", async () => {
  const { file } = newFile();
  await file.finish();
  await expect(file.write(Buffer.from("more"))).rejects.toThrow("finished");
  await expect(file.finish()).rejects.toThrow("finished");
  await file.discard();
});

test("an abort stops it with the abort's reason", async () => {
  const aborter = new AbortController();
  const reason = new Error("the client went away");
  const { file } = newFile({ signal: aborter.signal });
  await file.write(block());
  aborter.abort(reason);
  await expect(file.write(Buffer.from("more"))).rejects.toBe(reason);
  await expect(file.finish()).rejects.toBe(reason);
  await file.discard();
  expect(await readdir(folder)).toEqual([]);
});
