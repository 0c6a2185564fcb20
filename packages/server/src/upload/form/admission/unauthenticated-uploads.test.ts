import { SluiceError } from "@sluice/protocol";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { WatchedBody } from "./give-way.ts";
import { type UnauthenticatedSlot, UnauthenticatedUploads } from "./unauthenticated-uploads.ts";

const KiB = 1024;
const MiB = KiB * KiB;
const never = new AbortController().signal;
const waitMs = 10_000;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] });
});
afterEach(() => {
  vi.useRealTimers();
});

interface FakeBody extends WatchedBody {
  isAwaited: boolean;
  throughput: number;
  stopped: string | undefined;
}

/** A body whose client is waited for, at this throughput. */
function bodyAt(throughput: number): FakeBody {
  return {
    isAwaited: true,
    throughput,
    stopped: undefined,
    stop({ reason }) {
      this.stopped = reason;
    },
  };
}

interface Upload {
  readonly body: FakeBody;
  readonly slot: UnauthenticatedSlot;
}

function pool({ files = 4, bytes = 8 * MiB }: { files?: number; bytes?: number } = {}) {
  const bound = { bytes };
  const admission = new UnauthenticatedUploads({
    files,
    bound: { bytes: () => bound.bytes, measure: async () => undefined },
    clientShare: 0.5,
    waitMs,
    refusal: () => new SluiceError("SERVER_BUSY"),
  });
  const enter = async (client: string, throughput: number): Promise<Upload> => {
    const body = bodyAt(throughput);
    return { body, slot: await admission.enter(client, body, never) };
  };
  return { admission, bound, enter };
}

/** Returns the state of the promise so far. */
function watch(promise: Promise<unknown> | undefined): { state: string } {
  const seen = { state: "pending" };
  promise?.then(
    () => {
      seen.state = "done";
    },
    (error) => {
      seen.state = error.reason ?? error.code ?? error.message;
    },
  );
  return seen;
}

/** Lets time pass; uploads that were told to give way end meanwhile. */
async function pass(ms: number, uploads: readonly Upload[] = []): Promise<void> {
  for (let passed = 0; passed < ms; passed += 50) {
    await vi.advanceTimersByTimeAsync(50);
    for (const { body, slot } of uploads) if (body.stopped !== undefined) slot.release();
  }
}

const slow = 4 * KiB;
const fast = MiB;

describe("slots", () => {
  test("are kept by slow uploads as long as nobody waits for one", async () => {
    const { enter, admission } = pool();
    const uploads = [await enter("a", 0), await enter("a", 0), await enter("b", 0), await enter("b", 0)];
    await pass(60_000, uploads);
    expect(admission.usage.files).toBe(4);
  });

  test("are given up by the slowest within a second, for one that waits", async () => {
    const { enter } = pool();
    const uploads = [await enter("a", slow), await enter("a", fast), await enter("b", 0), await enter("b", slow)];
    await pass(1000);
    const waiting = watch(enter("c", 0));
    await pass(500, uploads);
    expect(waiting.state).toBe("done");
    expect(uploads.map(({ body }) => body.stopped)).toEqual([undefined, undefined, "UPLOAD_GAVE_WAY", undefined]);
    expect(() => uploads[2]?.slot.exempt()).toThrow(expect.objectContaining({ reason: "UPLOAD_GAVE_WAY" }));
  });

  test("are given up to one of their own client where that has its share", async () => {
    const { enter } = pool();
    const uploads = [await enter("a", slow), await enter("a", 2 * slow), await enter("b", 0)];
    await pass(1000);
    const waiting = watch(enter("a", 0));
    await pass(500, uploads);
    expect(waiting.state).toBe("done");
    expect(uploads.map(({ body }) => body.stopped)).toEqual(["UPLOAD_GAVE_WAY", undefined, undefined]);
  });

  test("are nobody's to give up in their first second, quick enough, or while the server is busy with them", async () => {
    const { enter } = pool({ files: 2 });
    const uploads = [await enter("a", fast), await enter("b", 0)];
    const busy = uploads[1] as Upload;
    busy.body.isAwaited = false;
    await pass(5000);
    const waiting = watch(enter("c", 0));
    await pass(5000, uploads);
    expect(waiting.state).toBe("pending");
    busy.body.isAwaited = true;
    await pass(500, uploads);
    expect(waiting.state).toBe("done");
    const next = watch(enter("d", 0));
    await pass(400, uploads);
    expect(next.state).toBe("pending");
  });

  test("are not waited for any longer than may be", async () => {
    const { enter } = pool({ files: 2 });
    await enter("a", fast);
    await enter("b", fast);
    const waiting = watch(enter("c", 0));
    await pass(waitMs - 100);
    expect(waiting.state).toBe("pending");
    await pass(200);
    expect(waiting.state).toBe("SERVER_BUSY");
  });

  test("go to those first who had to give way to nobody a moment ago", async () => {
    const { enter } = pool({ files: 2 });
    const uploads = [await enter("a", 0), await enter("b", slow)];
    await pass(1000);
    const third = enter("c", fast);
    await pass(200, uploads);
    expect(uploads[0]?.body.stopped).toBe("UPLOAD_GAVE_WAY");
    const again = watch(enter("a", 0));
    await pass(50, uploads);
    const newcomer = watch(enter("d", fast));
    (await third).slot.release();
    await pass(50);
    expect([again.state, newcomer.state]).toEqual(["pending", "done"]);
  });

  test("are given up to those who had to give way a moment ago only after several seconds", async () => {
    const { enter } = pool({ files: 2 });
    const uploads = [await enter("a", 0), await enter("b", fast)];
    await pass(1000);
    const third = watch(
      enter("c", slow).then((upload) => {
        uploads.push(upload);
      }),
    );
    await pass(200, uploads);
    const again = watch(enter("a", 0));
    await pass(4500, uploads);
    expect([third.state, again.state]).toEqual(["done", "pending"]);
    await pass(1000, uploads);
    expect(again.state).toBe("done");
  });

  test("are one's own for good once its credentials are valid", async () => {
    const { enter } = pool({ files: 2 });
    const uploads = [await enter("a", 0), await enter("b", 0)];
    for (const { slot } of uploads) slot.exempt();
    const waiting = watch(enter("c", 0));
    await pass(waitMs + 100, uploads);
    expect(waiting.state).toBe("SERVER_BUSY");
  });

  test("go to each of many that wait, as many as slow ones have", async () => {
    const { enter } = pool({ files: 64 });
    const uploads: Upload[] = [];
    for (let index = 0; index < 64; index++) uploads.push(await enter(`attacker ${index % 4}`, slow));
    await pass(1000);
    const waiting = Array.from({ length: 64 }, (_, index) => watch(enter(`honest ${index}`, fast)));
    await pass(500, uploads);
    expect(new Set(waiting.map(({ state }) => state))).toEqual(new Set(["done"]));
  });
});

describe("room", () => {
  test("is taken as bytes come: many that trickle leave it to the others", async () => {
    const { enter, admission } = pool({ files: 16 });
    for (let index = 0; index < 8; index++) {
      const { slot } = await enter(`attacker ${index % 2}`, slow);
      expect(slot.take(slow)).toBeUndefined();
    }
    const { slot } = await enter("honest", fast);
    expect(slot.take(4 * MiB)).toBeUndefined();
    expect(admission.usage.bytes).toBe(4 * MiB + 8 * slow);
    slot.exempt();
    expect(slot.take(100 * MiB)).toBeUndefined();
    expect(admission.usage.bytes).toBe(8 * slow);
  });

  test("is given up by the slow one that holds most", async () => {
    const { enter } = pool();
    const uploads = [await enter("a", fast), await enter("b", slow), await enter("c", slow)];
    for (const [index, bytes] of [4, 1, 3].entries()) uploads[index]?.slot.take(bytes * MiB);
    const { slot } = await enter("d", fast);
    const waiting = watch(slot.take(10));
    await pass(900, uploads);
    // Everybody has a second.
    expect(waiting.state).toBe("pending");
    await pass(300, uploads);
    expect(waiting.state).toBe("done");
    expect(uploads.map(({ body }) => body.stopped)).toEqual([undefined, undefined, "UPLOAD_GAVE_WAY"]);
  });

  test("is given up by one that has filled it fast and trickles now, if not quite slowly", async () => {
    const { enter } = pool({ bytes: 1024 * MiB });
    const uploads = [await enter("a", 100 * KiB), await enter("b", 100 * KiB)];
    for (const { slot } of uploads) slot.take(512 * MiB);
    await pass(1000);
    const { slot } = await enter("c", fast);
    const waiting = watch(slot.take(10));
    await pass(500, uploads);
    expect(waiting.state).toBe("done");
  });

  test("that all wait for is given up by the slowest of them: nobody waits for anybody else for good", async () => {
    const { enter } = pool();
    const uploads = [await enter("a", 3 * fast), await enter("b", fast), await enter("c", 2 * fast)];
    for (const [index, bytes] of [4, 3, 1].entries()) uploads[index]?.slot.take(bytes * MiB);
    const waiting = uploads.map(({ body, slot }) => {
      body.isAwaited = false;
      return watch(slot.take(MiB));
    });
    await pass(500, uploads);
    expect(waiting.map(({ state }) => state)).toEqual(["done", "UPLOAD_GAVE_WAY", "done"]);
  });

  test("of a client's share is given up by the slowest of the client's own", async () => {
    const { enter } = pool();
    const uploads = [await enter("a", fast), await enter("a", 2 * fast), await enter("b", 0)];
    for (const { slot } of uploads) slot.take(2 * MiB);
    const waiting = uploads.slice(0, 2).map(({ body, slot }) => {
      body.isAwaited = false;
      return watch(slot.take(MiB));
    });
    await pass(500, uploads);
    expect(waiting.map(({ state }) => state)).toEqual(["UPLOAD_GAVE_WAY", "done"]);
    expect(uploads[2]?.body.stopped).toBeUndefined();
  });

  test("of the whole may be had by a client's only upload", async () => {
    const { enter } = pool();
    const { slot } = await enter("a", fast);
    expect(slot.take(7 * MiB)).toBeUndefined();
    const { slot: another } = await enter("a", fast);
    const waiting = watch(another.take(10));
    await pass(100);
    expect(waiting.state).toBe("pending");
    slot.release();
    await pass(50);
    expect(waiting.state).toBe("done");
  });

  test("of the whole is waited for by a client's large upload, whatever else the client sends", async () => {
    const { enter } = pool();
    const [large, other] = [await enter("a", fast), await enter("b", fast)];
    expect(large.slot.take(6 * MiB)).toBeUndefined();
    expect(other.slot.take(2 * MiB)).toBeUndefined();
    const waiting = watch(large.slot.take(MiB));
    const small = await enter("a", fast);
    const behind = watch(small.slot.take(1));
    await pass(500, [large, other, small]);
    expect([waiting.state, behind.state]).toEqual(["pending", "pending"]);
    other.slot.release();
    await pass(50);
    expect(waiting.state).toBe("done");
  });

  test("that is too small even for an upload alone is a full disk", async () => {
    const { enter, bound } = pool();
    const upload = await enter("a", fast);
    expect(upload.slot.take(8 * MiB)).toBeUndefined();
    const waiting = watch(upload.slot.take(1));
    await pass(500);
    expect(waiting.state).toBe("STORAGE_FULL");
    upload.slot.release();
    bound.bytes = 0;
    const nothing = watch((await enter("a", fast)).slot.take(1));
    await pass(500);
    expect(nothing.state).toBe("STORAGE_FULL");
  });

  test("that grows with the disk goes to those that wait", async () => {
    const { enter, bound } = pool();
    const uploads = [await enter("a", fast), await enter("b", fast)];
    for (const { slot } of uploads) slot.take(4 * MiB);
    const waiting = watch(uploads[0]?.slot.take(MiB));
    await pass(500);
    expect(waiting.state).toBe("pending");
    bound.bytes = 16 * MiB;
    await pass(300);
    expect(waiting.state).toBe("done");
  });

  test("is waited for no longer than may be, and not at all by one that has gone", async () => {
    const { admission, enter } = pool();
    const { slot } = await enter("a", fast);
    slot.take(8 * MiB);
    const gone = new AbortController();
    const other = await admission.enter("b", bodyAt(fast), gone.signal);
    const waiting = watch(other.take(1));
    gone.abort(new Error("gone"));
    await pass(50);
    expect(waiting.state).toBe("gone");
    const third = watch((await enter("c", fast)).slot.take(1));
    await pass(waitMs + 50);
    expect(third.state).toBe("SERVER_BUSY");
    expect(admission.usage).toEqual({ files: 3, bytes: 8 * MiB, waiting: 0 });
  });
});

test("whatever uploads do, the bounds hold, and every one of them ends", async () => {
  const upload = fc.record({
    client: fc.constantFrom("a", "b", "c"),
    throughput: fc.constantFrom(0, slow, fast),
    chunks: fc.array(fc.nat({ max: 3 * MiB }), { maxLength: 6 }),
    pauseMs: fc.nat({ max: 3000 }),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(upload, { minLength: 1, maxLength: 24 }), async (uploads) => {
      const { admission } = pool();
      const ends: string[] = [];
      const run = async ({ client, throughput, chunks, pauseMs }: (typeof uploads)[number]): Promise<void> => {
        const body = bodyAt(throughput);
        let slot: UnauthenticatedSlot | undefined;
        try {
          slot = await admission.enter(client, body, never);
          for (const bytes of chunks) {
            body.isAwaited = false;
            await slot.take(bytes);
            body.isAwaited = true;
            await new Promise((resolve) => setTimeout(resolve, pauseMs));
            if (body.stopped !== undefined) throw Object.assign(new Error(), { reason: body.stopped });
          }
          slot.exempt();
          ends.push("whole");
        } catch (error) {
          ends.push((error as { reason?: string; code?: string }).reason ?? (error as { code: string }).code);
        } finally {
          slot?.release();
        }
      };
      const all = uploads.map(run);
      for (let second = 0; second < 60 && ends.length < uploads.length; second++) {
        await vi.advanceTimersByTimeAsync(1000);
        expect(admission.usage.bytes).toBeLessThanOrEqual(8 * MiB);
        expect(admission.usage.files).toBeLessThanOrEqual(4);
      }
      expect(ends).toHaveLength(uploads.length);
      await Promise.all(all);
      expect(admission.usage).toEqual({ files: 0, bytes: 0, waiting: 0 });
      for (const end of ends) expect(["whole", "SERVER_BUSY", "UPLOAD_GAVE_WAY", "STORAGE_FULL"]).toContain(end);
    }),
    { numRuns: 100 },
  );
});
