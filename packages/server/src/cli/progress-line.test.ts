import { expect, test, vi } from "vitest";
import { formatAmount, formatDuration, withProgress } from "./progress-line.ts";
import { statusLine } from "./status-line.ts";

/** Makes a terminal's line and a clock that is set by hand. */
function makeLine() {
  const line = { shown: [] as string[], time: 0 };
  const terminal = { showStatus: (text: string) => void line.shown.push(text) };
  return { line, terminal, now: () => line.time };
}

test("the line shows how much is done, the rate and the time left, and is gone at the end", async () => {
  const { line, terminal, now } = makeLine();
  const result = await withProgress(
    terminal,
    async (progress) => {
      await progress.begin("reading the objects", "bytes", async () => 4_000_000_000);
      expect(line.shown.at(-1)).toBe("reading the objects: 0 B of 4.0 GB (0 %)");
      line.time += 10_000;
      progress.advance(500_000_000);
      expect(line.shown.at(-1)).toBe("reading the objects: 500 MB of 4.0 GB (12 %), 50.0 MB a second, 1 min 10 s left");
      await progress.begin("forgetting tokens", "tokens");
      expect(line.shown.at(-1)).toBe("forgetting tokens");
      line.time += 2000;
      progress.advance(5000);
      expect(line.shown.at(-1)).toBe("forgetting tokens: 5,000 tokens, 2,500 a second, for 2 s");
      return "done";
    },
    now,
  );
  expect(result).toBe("done");
  expect(line.shown.at(-1)).toBe("");
});

test("what is worked on now is named, before it is done", async () => {
  const { line, terminal, now } = makeLine();
  await withProgress(
    terminal,
    async (progress) => {
      await progress.begin("migrating the database", "migrations", async () => 4);
      progress.advance(0, "0001-initial");
      expect(line.shown.at(-1)).toBe("migrating the database: 0 of 4 migrations (0 %), 0001-initial");
      line.time += 20_000;
      progress.advance(1);
      expect(line.shown.at(-1)).toBe("migrating the database: 1 of 4 migrations (25 %), 3 a minute, 1 min 0 s left");
    },
    now,
  );
});

test("more than was counted is no percentage above 100", async () => {
  const { line, terminal, now } = makeLine();
  await withProgress(
    terminal,
    async (progress) => {
      await progress.begin("looking for objects", "objects", async () => 2);
      line.time += 500;
      progress.advance(3);
      expect(line.shown.at(-1)).toBe("looking for objects: 3 objects");
    },
    now,
  );
});

test("the line changes at most ten times a second, and goes on telling the time while nothing advances", async () => {
  vi.useFakeTimers();
  try {
    const shown: string[] = [];
    await withProgress({ showStatus: (text) => void shown.push(text) }, async (progress) => {
      await progress.begin("looking for objects", "objects");
      for (let count = 0; count < 1000; count++) progress.advance(1);
      expect(shown).toHaveLength(1);
      await vi.advanceTimersByTimeAsync(2000);
      expect(shown.at(-1)).toBe("looking for objects: 1,000 objects, 500 a second, for 2 s");
    });
    expect(vi.getTimerCount()).toBe(0);
  } finally {
    vi.useRealTimers();
  }
});

test("work that fails takes the line away as well", async () => {
  const { line, terminal } = makeLine();
  const failing = withProgress(terminal, async (progress) => {
    await progress.begin("reading", "bytes");
    throw new Error("the disk has gone");
  });
  await expect(failing).rejects.toThrow("the disk has gone");
  expect(line.shown.at(-1)).toBe("");
});

test("where no terminal shows it nothing is counted", async () => {
  const total = vi.fn(async () => 1);
  await withProgress({}, (progress) => progress.begin("reading", "bytes", total));
  expect(total).not.toHaveBeenCalled();
});

test("on a terminal the text takes the place of the one before, and never wraps", () => {
  const written: string[] = [];
  const stream = { isTTY: true, columns: 10, write: (text: string) => written.push(text) > 0 };
  statusLine(stream as never, "xterm")?.("0123456789 and more");
  expect(written).toEqual(["\r\u001b[K012345678"]);
  expect(statusLine(stream as never, "dumb")).toBeUndefined();
  expect(statusLine({ ...stream, isTTY: false } as never, "xterm")).toBeUndefined();
});

test("amounts and times are told in units for people", () => {
  expect([0, 999, 1234, 12_345_678].map((bytes) => formatAmount(bytes, "bytes"))).toEqual([
    "0 B",
    "999 B",
    "1.2 kB",
    "12.3 MB",
  ]);
  expect(formatAmount(1_234_567.4, "objects")).toBe("1,234,567");
  expect([400, 59_400, 185_000, 7_800_000].map(formatDuration)).toEqual(["0 s", "59 s", "3 min 5 s", "2 h 10 min"]);
});
