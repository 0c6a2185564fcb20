import { mkdtemp, open, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { SluiceError } from "@sluice/protocol";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { SpooledFile } from "../spool/spool-file.ts";
import { type FakeClamd, startFakeClamd } from "./testing/fake-clamd.ts";
import { clamdScanner, type ScannerOptions, type VirusScanner } from "./virus-scanner.ts";

let clamd: FakeClamd;
let scanners: VirusScanner[];
beforeEach(async () => {
  clamd = await startFakeClamd();
  scanners = [];
});
afterEach(async () => {
  for (const scanner of scanners) await scanner.close();
  await clamd.close();
});

const never = new AbortController().signal;

function scannerWith(options: Partial<ScannerOptions> = {}): VirusScanner {
  const scanner = clamdScanner({
    address: clamd.address,
    silenceMs: 2000,
    maxBytes: 100_000_000,
    scanMs: 5000,
    concurrency: 2,
    queueLimit: 100,
    ...options,
  });
  scanners.push(scanner);
  return scanner;
}

function inMemory(content: Uint8Array | string): SpooledFile {
  const bytes = Buffer.from(content);
  return { chunks: [bytes], size: bytes.length, sha256: Buffer.alloc(32) };
}

function inStore(content: Uint8Array, read: () => Readable = () => Readable.from([content])): SpooledFile {
  const arrived = { key: "", storedAt: 0 };
  const open = async () => read();
  return { size: content.length, sha256: Buffer.alloc(32), arrived, open, openRange: open };
}

async function reasonOf(work: Promise<unknown>): Promise<string> {
  const error = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  return error instanceof SluiceError ? error.reason : String(error);
}

test("clamd gets every byte, of a file in memory, on the disk and in the store", async () => {
  const content = Buffer.alloc(1_000_000, "0123456789");
  const folder = await mkdtemp(join(tmpdir(), "sluice-scan-"));
  const path = join(folder, "file");
  await writeFile(path, content);
  const handle = await open(path);
  const seen: Buffer[] = [];
  clamd.behaviour = ({ bytes }) => {
    seen.push(bytes);
    return "stream: OK";
  };
  try {
    const scanner = scannerWith();
    await scanner.scan(inMemory(content), never);
    await scanner.scan({ path, handle, size: content.length, sha256: Buffer.alloc(32) }, never);
    // The store reads the file afterwards and must begin at its beginning.
    expect((await handle.read(Buffer.alloc(4), 0, 4, null)).buffer.toString()).toBe("0123");
    await scanner.scan(inStore(content), never);
    expect(seen.map((bytes) => bytes.equals(content))).toEqual([true, true, true]);
  } finally {
    await handle.close();
    await rm(folder, { recursive: true });
  }
});

test("a store that breaks off lets nothing in", async () => {
  const failing = (): Readable =>
    Readable.from(
      (async function* () {
        yield Buffer.from("harmless");
        throw new Error("the store is gone");
      })(),
    );
  await expect(scannerWith().scan(inStore(Buffer.alloc(100), failing), never)).rejects.toThrow("the store is gone");
});

test("an infected file is refused with the name of what it is infected with", async () => {
  clamd.behaviour = () => "stream: Own.Test.Signature FOUND";
  await expect(scannerWith().scan(inMemory("bad"), never)).rejects.toMatchObject({
    status: 400,
    reason: "FILE_INFECTED",
    message: expect.stringContaining("Own.Test.Signature"),
  });
});

test("what clamd has seen enough of need not be sent to its end", async () => {
  clamd.limit = 100_000;
  clamd.behaviour = () => "stream: Early FOUND";
  expect(await reasonOf(scannerWith().scan(inMemory(Buffer.alloc(30_000_000)), never))).toBe("FILE_INFECTED");
});

test("what clamd calls clean before it has all of it is refused", async () => {
  clamd.limit = 100_000;
  expect(await reasonOf(scannerWith().scan(inMemory(Buffer.alloc(30_000_000)), never))).toBe("SCANNER_UNAVAILABLE");
});

test.each<[string, (fake: FakeClamd) => void]>([
  ["refuses its size", (fake) => (fake.behaviour = () => "INSTREAM size limit exceeded. ERROR")],
  ["answers with an error", (fake) => (fake.behaviour = () => "stream: Can't allocate memory ERROR")],
  ["answers with what it doesn't say", (fake) => (fake.behaviour = () => "stream: OK?")],
  ["answers without an end", (fake) => (fake.behaviour = ({ socket }) => void socket.write("x".repeat(10_000)))],
  ["closes", (fake) => (fake.behaviour = ({ socket }) => void socket.end())],
  ["resets", (fake) => (fake.behaviour = ({ socket }) => void socket.resetAndDestroy())],
  ["is silent", (fake) => (fake.behaviour = () => undefined)],
])("a file is refused when clamd %s", async (_what, set) => {
  set(clamd);
  const scanner = scannerWith({ silenceMs: 300 });
  expect(await reasonOf(scanner.scan(inMemory("text"), never))).toBe("SCANNER_UNAVAILABLE");
});

test("a file is refused when its scan takes too long, although clamd is not silent", async () => {
  clamd.behaviour = ({ socket }) => {
    const timer = setInterval(() => socket.write("x"), 20);
    socket.once("close", () => clearInterval(timer));
    return undefined;
  };
  expect(await reasonOf(scannerWith({ scanMs: 200 }).scan(inMemory("text"), never))).toBe("SCANNER_UNAVAILABLE");
});

test("whether clamd is there is asked once in a while, and not again after it has judged a file", async () => {
  const scanner = scannerWith();
  await Promise.all([scanner.assertReady(), scanner.assertReady()]);
  await scanner.assertReady();
  expect(clamd.commands).toEqual(["zPING"]);
  const other = scannerWith();
  await other.scan(inMemory("text"), never);
  await other.assertReady();
  expect(clamd.commands).toEqual(["zPING", "zINSTREAM"]);
});

test("nothing is ready without clamd, and all is again once it is back", async () => {
  const address = clamd.address;
  await clamd.close();
  const scanner = scannerWith({ address });
  expect(await reasonOf(scanner.assertReady())).toBe("SCANNER_UNAVAILABLE");
  expect(await reasonOf(scanner.scan(inMemory("text"), never))).toBe("SCANNER_UNAVAILABLE");
  clamd = await startFakeClamd();
  await expect(scannerWith().assertReady()).resolves.toBeUndefined();
});

test("whoever has no time waits no longer for a clamd that hangs, and the others go on waiting", async () => {
  clamd.pong = undefined;
  const scanner = scannerWith({ silenceMs: 300 });
  const patient = scanner.assertReady();
  await expect(scanner.assertReady(AbortSignal.timeout(50))).rejects.toThrow("timeout");
  expect(await reasonOf(patient)).toBe("SCANNER_UNAVAILABLE");
  clamd.pong = "PONG";
  await expect(scanner.assertReady()).resolves.toBeUndefined();
});

test("no more files are scanned at once than there may be; the others wait", async () => {
  const scanner = scannerWith({ concurrency: 2 });
  await Promise.all(Array.from({ length: 10 }, () => scanner.scan(inMemory(Buffer.alloc(100_000)), never)));
  expect(clamd.maxOpen).toBeLessThanOrEqual(2);
});

test("whoever leaves ends the scan", async () => {
  clamd.behaviour = () => undefined;
  const leaving = new AbortController();
  const scanning = scannerWith().scan(inMemory("text"), leaving.signal);
  setTimeout(() => leaving.abort(new Error("left")), 50);
  await expect(scanning).rejects.toThrow("left");
});
