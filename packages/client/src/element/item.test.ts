import { expect, test } from "vitest";
import type { UploadTask } from "../types.ts";
import { UploadError, type UploadErrorDetails } from "../upload-error.ts";
import { countItems, isRetryable, linkOf, messageOf, shareOf, type UploaderItem } from "./item.ts";
import type { Words } from "./words.ts";

const item = (size: number, state: UploadTask["state"], loaded = 0, total = size): UploaderItem => ({
  name: "file",
  size,
  task: { state, loaded, total } as UploadTask,
});

test("files are counted by what the user can do about them", () => {
  const refused = { name: "no", size: 9, problem: { reason: "tooLarge", values: {} } };
  const restored = { name: "old", size: 1 };
  const states = ["queued", "sending", "processing", "waiting", "paused", "done", "failed", "canceled"] as const;
  const counts = countItems([...states.map((state) => item(1, state)), refused, restored]);
  expect(counts).toMatchObject({ count: 10, active: 4, paused: 1, done: 2, failed: 2, refused: 1 });
});

test("the whole is as far as its bytes; what failed is over, what was refused never began", () => {
  const refused = { name: "no", size: 1e9, problem: { reason: "tooLarge", values: {} } };
  const half = item(1_000_000, "sending", 500_000);
  expect(countItems([half, refused]).share).toBe(0.5);
  expect(countItems([half, item(1_000_000, "failed")]).share).toBe(0.75);
  expect(countItems([]).share).toBe(0);
});

test("a file is there when its answer is, whatever the bytes of its request", () => {
  expect(shareOf(item(100, "done", 0, 0))).toBe(1);
  expect(shareOf(item(100, "sending", 130, 120))).toBe(1);
  expect(shareOf(item(100, "sending", 60, 120))).toBe(0.5);
  expect(shareOf(item(0, "queued"))).toBe(0);
});

test("bytes are counted of what is uploaded here, under way or to come", () => {
  const refused = { name: "no", size: 1e9, problem: { reason: "tooLarge", values: {} } };
  const restored = { name: "old", size: 1e9 };
  const items = [item(100, "done"), item(100, "sending", 60, 120), item(100, "queued"), item(100, "failed")];
  expect(countItems([...items, refused, restored])).toMatchObject({ size: 300, loaded: 150 });
});

test("of those that failed the ones are counted that are worth another attempt", () => {
  const failed = (details: UploadErrorDetails): UploaderItem => {
    const error = new UploadError("NOT_ALLOWED", "Not this one.", details);
    return { name: "file", size: 1, task: { state: "failed", error } as UploadTask };
  };
  const items = [failed({ retryable: true }), failed({ status: 401 }), failed({ status: 403 }), item(1, "canceled")];
  expect(items.map(isRetryable)).toEqual([true, true, false, true]);
  expect(countItems([...items, item(1, "sending")])).toMatchObject({ failed: 4, retryable: 3 });
});

test("an upload that was interrupted to the end is told of as perhaps too large, if a proxy may have a limit below", () => {
  const keys = { say: (key: string, _: unknown, fallback = key) => fallback, size: String, types: () => "" };
  const shown = (state: UploadTask["state"], size: number): string => {
    const task = { state, error: new UploadError("INTERRUPTED", "") } as UploadTask;
    return messageOf({ name: "a.bin", size, task }, keys as unknown as Words);
  };
  expect(shown("waiting", 2_000_000)).toBe("interrupted");
  expect(shown("failed", 2_000_000)).toBe("interruptedAgain");
  expect(shown("failed", 1024 * 1024)).toBe("interrupted");
});

test("a file has a link once it is stored, unless the backend made it private or a draft", () => {
  const withParameters = (parameters: Record<string, string>): UploaderItem => {
    const result = { url: "https://files.example/a.jpg" } as UploadTask["result"];
    return { name: "a.jpg", size: 1, task: { state: "done", result, parameters } as UploadTask };
  };
  expect(linkOf(item(1, "sending"))).toBeUndefined();
  expect(linkOf(withParameters({ isPrivateFile: "false" }))).toBe("https://files.example/a.jpg");
  expect(linkOf(withParameters({ isPrivateFile: "true" }))).toBeUndefined();
  expect(linkOf(withParameters({ isPublished: "false" }))).toBeUndefined();
});

test.each(["javascript:alert(1)", " javascript:alert(1)", "data:text/html,x", ""])("%j is no link", (url) => {
  const restored = { fileId: "0", url } as NonNullable<UploaderItem["restored"]>;
  expect(linkOf({ name: "a.jpg", size: 1, restored })).toBeUndefined();
});
