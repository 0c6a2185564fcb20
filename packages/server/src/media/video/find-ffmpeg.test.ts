import { expect, test, vi } from "vitest";
import type { Ffmpeg, NoFfmpeg } from "./ffmpeg.ts";
import { rememberFfmpeg } from "./find-ffmpeg.ts";

const found: Ffmpeg = { name: "FFmpeg 7", ffmpeg: ["ffmpeg"], ffprobe: ["ffprobe"] };

test("what was missing is looked for again after a while, and what was found is not", async () => {
  const look = vi.fn<() => Promise<Ffmpeg | NoFfmpeg>>();
  let now = 0;
  const program = rememberFfmpeg("auto", look, () => now);
  look.mockRejectedValueOnce(new Error("broken")).mockResolvedValueOnce({ missing: "busy" }).mockResolvedValue(found);
  await expect(program()).rejects.toThrow("broken");
  expect(await program()).toEqual({ missing: "busy" });
  now = 59_999;
  expect(await program()).toEqual({ missing: "busy" });
  now = 60_000;
  expect(await program()).toBe(found);
  now = 1e9;
  expect(await program()).toBe(found);
  expect(look).toHaveBeenCalledTimes(3);
});
