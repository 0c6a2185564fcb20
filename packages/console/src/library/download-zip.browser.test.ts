import { afterEach, expect, test, vi } from "vitest";
import { dismissAll, noticeStore } from "../shell/notice-store.ts";
import type { Choice } from "./choice.ts";
import { downloadFolder, downloadItems } from "./download-zip.ts";
import type { FileRef } from "./items.ts";

afterEach(() => {
  dismissAll();
  vi.unstubAllGlobals();
});

const files: readonly FileRef[] = [{ fileId: "1", name: "1.txt", filePath: "/1.txt", url: "/1.txt" }];
const choice: Choice = {
  count: 1,
  fileCount: 1,
  folders: [],
  areFoldersKnown: true,
  files: [],
  span: undefined,
  collect: async () => files,
};

/** Never answers, until the request is given up. */
const neverAnswer = (_: string, { signal }: RequestInit) => untilAborted(signal);

function untilAborted<Value>(signal: AbortSignal | null | undefined): Promise<Value> {
  return new Promise((_, reject) => signal?.addEventListener("abort", () => reject(signal.reason)));
}

/** Presses the button of the notice, which comes after half a second. */
async function stop(title: string): Promise<void> {
  await expect.poll(() => noticeStore.current().map(({ message }) => message)).toEqual([title]);
  expect(noticeStore.current()[0]?.action?.label).toBe("Stop");
  noticeStore.current()[0]?.action?.run();
}

const told = () => noticeStore.current().map(({ kind, message }) => ({ kind, message }));
const stopped = [{ kind: "done", message: "Stopped. Nothing was changed." }];

test("a download is stopped while its files are being found", async () => {
  const ask = vi.fn(neverAnswer);
  vi.stubGlobal("fetch", ask);
  const downloading = downloadItems({ ...choice, collect: (signal) => untilAborted(signal) });
  await stop("Finding the selected files");
  await downloading;
  expect(told()).toEqual(stopped);
  expect(ask).not.toHaveBeenCalled();
});

test.each([
  ["items", () => downloadItems(choice)],
  ["a folder", () => downloadFolder("/trip")],
])("a download of %s is stopped while the server prepares it", async (_, download) => {
  const ask = vi.fn(neverAnswer);
  vi.stubGlobal("fetch", ask);
  const downloading = download();
  await stop("Preparing 1 item for download");
  await downloading;
  expect(told()).toEqual(stopped);
  expect(ask).toHaveBeenCalledOnce();
});

test("what the server refuses is shown, with its advice", async () => {
  const refuse = async () => Response.json({ message: "No.", help: "Ask for less." }, { status: 400 });
  vi.stubGlobal("fetch", refuse);
  await downloadItems(choice);
  expect(noticeStore.current()).toMatchObject([{ kind: "failed", message: "No.", details: ["Ask for less."] }]);
});
