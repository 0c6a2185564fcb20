import { expect, test } from "vitest";
import { type Patience, type Waiter, waitForSlot } from "./wait-for-slot.ts";

/** Waits in the given line. */
function waitIn(line: Set<Waiter<string>>, patience: Patience): Promise<string> {
  return waitForSlot<string>((waiter) => {
    line.add(waiter);
    return () => line.delete(waiter);
  }, patience);
}

function takeFirst(line: Set<Waiter<string>>): Waiter<string> | undefined {
  const [first] = line;
  if (first !== undefined) line.delete(first);
  return first;
}

test("whoever is admitted gets its turn, even when it gives up in the same moment", async () => {
  const line = new Set<Waiter<string>>();
  const gone = new AbortController();
  const turn = waitIn(line, { signal: gone.signal });
  takeFirst(line)?.admit("turn");
  gone.abort(new Error("gone"));
  expect(await turn).toBe("turn");
});

test("whoever gives up is out of the line before it hears of it", async () => {
  const line = new Set<Waiter<string>>();
  const gone = new AbortController();
  const turn = waitIn(line, { signal: gone.signal });
  gone.abort(new Error("gone"));
  expect(line.size).toBe(0);
  await expect(turn).rejects.toThrow("gone");
});

test("a turn that doesn't come in time is late, and one that is turned away hears why", async () => {
  const line = new Set<Waiter<string>>();
  await expect(waitIn(line, { waitMs: 1 })).rejects.toMatchObject({ name: "NoSlotError", reason: "late" });
  expect(line.size).toBe(0);
  const turn = waitIn(line, {});
  takeFirst(line)?.turnAway(new Error("no more"));
  await expect(turn).rejects.toThrow("no more");
});

test("whoever has left already doesn't join", async () => {
  const line = new Set<Waiter<string>>();
  await expect(waitIn(line, { signal: AbortSignal.abort(new Error("gone")) })).rejects.toThrow("gone");
  expect(line.size).toBe(0);
});
