import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import type { GetToken, UploadTask } from "./types.ts";
import { UploadQueue } from "./upload-queue.ts";

const item = { file: new Blob(["a"]), fileName: "a.txt" };

test.each(["pause", "cancel"] as const)(
  "a %s in the moment of the start holds, and no token is asked for",
  async (act) => {
    let asked = 0;
    const getToken: GetToken = () => {
      asked++;
      return new Promise(() => undefined);
    };
    const queue = new UploadQueue({ getToken, endpoint: "http://127.0.0.1" });
    const task = queue.add(item);
    task[act]();
    await queue.idle();
    expect([task.state, task.attempt, asked]).toEqual([act === "pause" ? "paused" : "canceled", 0, 0]);
  },
);

test("what waits for a token that never comes can be aborted, and frees its place", async () => {
  let signal: AbortSignal | undefined;
  const getToken: GetToken = (_request, given) => {
    signal = given;
    return new Promise(() => undefined);
  };
  const queue = new UploadQueue({ getToken, concurrency: 1, endpoint: "http://127.0.0.1" });
  const [first, second] = [queue.add(item), queue.add(item)] as [UploadTask, UploadTask];
  await sleep(1);
  first.cancel();
  await expect.poll(() => [first.state, second.state, second.attempt]).toEqual(["canceled", "sending", 1]);
  expect(signal?.aborted).toBe(false);
  queue.cancel();
  await queue.idle();
});
