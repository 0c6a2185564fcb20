import type { ChildProcess } from "node:child_process";
import { randomFillSync } from "node:crypto";
import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { once } from "node:events";
import sharp from "sharp";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { animation, blue, quadrants, red, render, renderContext } from "../../../testing/pictures.ts";
import { startWork } from "../../pixels/work.ts";
import { chooseOutput } from "../../plan/choose-output.ts";
import { readSource } from "../read-source.ts";
import { writeApart } from "./write-apart.ts";
import { type Writing, writeImage } from "./write-image.ts";

/** The processes that were started since the test began. */
let started: ChildProcess[] = [];
const note = (message: unknown): void => void started.push((message as { process: ChildProcess }).process);
beforeAll(() => subscribe("child_process", note));
afterAll(() => void unsubscribe("child_process", note));
beforeEach(() => {
  started = [];
});

const waiting = new AbortController();
const png = await quadrants(40, 30).png().toBuffer();
const { facts } = await readSource(png, renderContext.limits, startWork(waiting.signal, renderContext.limits));
const context = { ...renderContext, facts, background: undefined, animated: false, withoutAvif: false };
const plainOutput = chooseOutput({}, { ...context, rasterAsked: false });
const writing = (of: Partial<Writing> = {}): Writing => {
  return { format: "avif", output: plainOutput, animation: undefined, effort: 4, ...of };
};
const noise = {
  data: randomFillSync(Buffer.alloc(1200 * 1000 * 3)),
  raw: { width: 1200, height: 1000, channels: 3 },
} as const;
/** An encoding that takes the better part of a minute. */
const endless = writing({ effort: 9 });

/** Whether the process is gone, without being left behind for somebody to ask how it has ended. */
function isGone({ pid = 0 }: ChildProcess): boolean {
  try {
    process.kill(pid, 0);
    return false;
  } catch {
    return true;
  }
}

describe("a picture that a process of its own writes", () => {
  test.each([
    ["avif", writing()],
    ["jpeg", writing({ format: "jpeg", effort: 3, output: { ...plainOutput, progressive: true, density: 200 } })],
    ["png", writing({ format: "png" })],
  ])("is the same as that of this process: %s", async (_, how) => {
    const { data, info } = await quadrants(40, 30).raw().toBuffer({ resolveWithObject: true });
    const { width, height } = info;
    const raw = { width, height, channels: 3 } as const;
    const here = await writeImage(sharp(data, { raw }), how).toBuffer();
    expect((await writeApart({ data, raw }, how, 0, waiting)).equals(here)).toBe(true);
    expect(started).toHaveLength(1);
  });

  test("keeps its metadata, its frames and their delays", async () => {
    const output = { ...plainOutput, keep: "everything" } as const;
    const tagged = await quadrants(40, 30)
      .withExif({ IFD0: { Artist: "Ada" } })
      .png()
      .toBuffer();
    const still = await writeApart({ data: tagged }, writing({ format: "webp", output }), 0, waiting);
    expect((await sharp(still).metadata()).exif?.toString("latin1")).toContain("Ada");
    const raw = { width: 8, height: 12, channels: 3, pageHeight: 6 } as const;
    const frames = await animation([red, blue], 8, 6).raw().toBuffer();
    const how = writing({ format: "webp", output, animation: { delay: [70, 90], loop: 3 } });
    const { delay, loop, pages } = await sharp(await writeApart({ data: frames, raw }, how, 0, waiting)).metadata();
    expect({ delay, loop, pages }).toEqual({ delay: [70, 90], loop: 3, pages: 2 });
  });
});

describe("a process that writes a picture is gone at once", () => {
  test("when nobody waits for the picture any more", async () => {
    const leaving = new AbortController();
    const outcome = writeApart(noise, endless, 1e9, leaving).catch((error: unknown) => error);
    const [child] = started;
    if (child?.stdin === null || child === undefined) throw new Error("no process");
    // The process is at work, since it has read all pixels.
    await once(child.stdin, "finish");
    const before = performance.now();
    leaving.abort(new Error("gone"));
    expect(await outcome).toMatchObject({ message: "gone" });
    expect(performance.now() - before).toBeLessThan(1000);
    expect([child.signalCode, isGone(child)]).toEqual(["SIGKILL", true]);
  });

  test("when its time is up", async () => {
    await expect(writeApart(noise, endless, 1e9, waiting, 1500)).rejects.toMatchObject({ code: "ETIME" });
    expect(started.map(isGone)).toEqual([true]);
  });

  test("when it takes far more memory than estimated", async () => {
    await expect(writeApart(noise, endless, -5e7, waiting)).rejects.toMatchObject({ code: "ELIMIT" });
    expect(started.map(isGone)).toEqual([true]);
  });
});

test("short work is done without a process, long work with one", async () => {
  const output = { format: "avif" } as const;
  const large = await quadrants(600, 400).png().toBuffer();
  await render(large, { steps: [{ size: { width: 300 } }], output });
  expect(started).toHaveLength(0);
  await render(large, { output });
  expect(started.map(isGone)).toEqual([true]);
});
