import { expect, test } from "vitest";
import type { Job } from "../job.ts";
import { resumableUpload } from "./choose.ts";
import type { Session } from "./session.ts";

const MiB = 1024 * 1024;
const blob = (size: number): Blob => Object.create(Blob.prototype, { size: { value: size } });
const job = (file: Blob | string, rest: Partial<Job> = {}): Job => ({
  item: { file, fileName: "a.bin" },
  settings: {},
  ...rest,
});
const isChosen = async (job: Job, parameters = { fileName: "a.bin" }): Promise<boolean> =>
  (await resumableUpload(job, parameters)) !== undefined;

test.each([
  ["8 MiB", job(blob(8 * MiB)), true],
  ["one byte less", job(blob(8 * MiB - 1)), false],
  ["a small file from the page's own size on", job(blob(10), { settings: { resumable: { threshold: 10 } } }), true],
  ["a large file below that size", job(blob(9 * MiB), { settings: { resumable: { threshold: 10 * MiB } } }), false],
  ["a large file where the page sets other options", job(blob(9 * MiB), { settings: { resumable: {} } }), true],
  ["a large file where the page says yes", job(blob(9 * MiB), { settings: { resumable: true } }), true],
  ["a large file where the page says no", job(blob(9 * MiB), { settings: { resumable: false } }), false],
  ["an empty file", job(blob(0), { settings: { resumable: { threshold: 0 } } }), false],
  [
    "a file of a size that is no number",
    job(blob(9 * MiB), { settings: { resumable: { threshold: Number.NaN } } }),
    false,
  ],
  ["a URL", job("https://example.com/a.bin"), false],
  ["a large file with a token", job(blob(9 * MiB), { credentials: { token: "t" } }), true],
  ["a large file with a V1 signature", job(blob(9 * MiB), { credentials: { token: "t", signature: "s" } }), false],
  ["a file whose session is there", job(blob(1), { session: {} as Session }), true],
])("%s", async (_, job, expected) => {
  expect(await isChosen(job)).toBe(expected);
});

test("parameters that don't fit into headers go in a form", async () => {
  const large = job(blob(9 * MiB));
  expect(await isChosen(large, { fileName: "a".repeat(15_000) })).toBe(true);
  expect(await isChosen(large, { fileName: "ä".repeat(15_000) })).toBe(false);
});
