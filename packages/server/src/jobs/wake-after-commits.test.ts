import { expect, test } from "vitest";
import type { SluiceDatabase } from "../app/transactions.ts";
import type { PostTransformationJob } from "../delivery/post-transformations/post-transformation.ts";
import { wakeAfterCommits } from "./wake-after-commits.ts";

function openDatabase(run: (input: unknown) => Promise<unknown>) {
  const woken: string[] = [];
  const inner = { run: (_name: string, input: unknown) => run(input) } as unknown as SluiceDatabase;
  return { database: wakeAfterCommits(inner, (name) => woken.push(name)), woken };
}

const target = { accountId: "a", fileId: "f", now: 1 };
const events = { accountId: "a", imagekitId: "demo", publicUrl: "http://sluice.test", routes: [] };

test("the queue is told of what was committed with events, and of nothing else", async () => {
  const { database, woken } = openDatabase(async () => {
    // Not before it is on disk: whoever looked then would find nothing.
    expect(woken).toEqual([]);
    return "done";
  });
  expect(await database.run("removeFile", target)).toBe("done");
  expect(await database.run("removeFile", { ...target, events: undefined })).toBe("done");
  expect(woken).toEqual([]);
  expect(await database.run("removeFile", { ...target, events })).toBe("done");
  expect(woken).toEqual(["deliver-webhook"]);
});

test("how a post-transformation ended is told at once", async () => {
  const { database, woken } = openDatabase(async () => undefined);
  const job: PostTransformationJob = {
    ...target,
    versionId: "v",
    name: "a.png",
    path: "/a.png",
    url: "http://sluice.test/demo/a.png?tr=w-10",
    transformation: { type: "transformation", value: "w-10" },
    requestId: "r",
    eventId: "e",
    publicUrl: "http://sluice.test",
  };
  await database.run("recordPostTransformation", { job, now: 1 });
  expect(woken).toEqual(["deliver-webhook"]);
});

test("what fails wakes nobody", async () => {
  const { database, woken } = openDatabase(() => Promise.reject(new Error("no space")));
  await expect(database.run("removeFile", { ...target, events })).rejects.toThrow("no space");
  expect(woken).toEqual([]);
});
