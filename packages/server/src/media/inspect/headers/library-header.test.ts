import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import sharp from "sharp";
import { afterAll, beforeAll, expect, test } from "vitest";
import { readLibraryHeader } from "./library-header.ts";

let folder: string;
let path: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "sluice-media-"));
  path = join(folder, "picture");
  await writeFile(
    path,
    await sharp({ create: { width: 6, height: 4, channels: 4, background: "#c338" } })
      .avif()
      .toBuffer(),
  );
});
afterAll(() => rm(folder, { recursive: true }));

test("a header of the formats asked for is read", async () => {
  const header = await readLibraryHeader(path, ["heif"], undefined);
  expect(header).toMatchObject({ width: 6, height: 4, orientation: undefined, hasAlpha: true, animated: false });
  expect(await readLibraryHeader(path, ["jpeg"], undefined)).toBeUndefined();
});

test("what can't be read has none", async () => {
  const text = join(folder, "text");
  await writeFile(text, "<svg width='6' height='4'/>");
  expect(await readLibraryHeader(text, ["heif"], undefined)).toBeUndefined();
});

test("an aborted signal throws its reason", async () => {
  await expect(readLibraryHeader(path, ["heif"], AbortSignal.abort(new Error("gone")))).rejects.toThrow("gone");
  const controller = new AbortController();
  const reading = readLibraryHeader(path, ["heif"], controller.signal);
  controller.abort(new Error("gone"));
  await expect(reading).rejects.toThrow("gone");
});
