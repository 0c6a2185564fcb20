import { expect, test } from "vitest";
import { ArrivingMemory, type Holder, type Taken } from "./arriving-memory.ts";

const never = new AbortController().signal;

/** A blob that stores what it holds when it is asked, once `arrive` is called. */
function blobIn(memory: ArrivingMemory) {
  let held: Taken[] = [];
  const leaving: Taken[] = [];
  const blob: Holder & { take(bytes: number): Promise<void>; arrive(): void; asked: number } = {
    filled: 0,
    asked: 0,
    makeRoom() {
      blob.asked += 1;
      for (const taken of held) taken.leave();
      leaving.push(...held);
      held = [];
      Object.assign(blob, { filled: 0 });
    },
    async take(bytes) {
      held.push(await memory.take(bytes, never));
      Object.assign(blob, { filled: blob.filled + bytes });
    },
    arrive() {
      for (const taken of leaving.splice(0)) taken.release();
    },
  };
  memory.join(blob);
  return blob;
}

const isSettled = async (work: Promise<unknown>) =>
  Promise.race([work.then(() => true), new Promise((resolve) => setTimeout(() => resolve(false), 5))]);

test("the blob with the most bytes makes room for another", async () => {
  const memory = new ArrivingMemory(100);
  const [large, small, late] = [blobIn(memory), blobIn(memory), blobIn(memory)];
  await large.take(60);
  await small.take(30);
  const taking = late.take(40);
  expect([large.asked, small.asked]).toEqual([1, 0]);
  expect(await isSettled(taking)).toBe(false);
  large.arrive();
  await taking;
});

test("a blob that alone fills the memory makes room for itself", async () => {
  const memory = new ArrivingMemory(100);
  const blob = blobIn(memory);
  await blob.take(60);
  const taking = blob.take(60);
  expect(blob.asked).toBe(1);
  blob.arrive();
  await taking;
});

test("nobody is asked while enough is on its way", async () => {
  const memory = new ArrivingMemory(100);
  const [first, second, third] = [blobIn(memory), blobIn(memory), blobIn(memory)];
  await first.take(60);
  await second.take(30);
  first.makeRoom();
  const taking = third.take(50);
  expect(second.asked).toBe(0);
  first.arrive();
  await taking;
});

test("who gives up waiting takes nothing", async () => {
  const memory = new ArrivingMemory(100);
  const [blob, other] = [blobIn(memory), blobIn(memory)];
  await blob.take(100);
  const aborter = new AbortController();
  const taking = memory.take(50, aborter.signal);
  aborter.abort(new Error("gone"));
  await expect(taking).rejects.toThrow("gone");
  blob.arrive();
  await other.take(100);
});
