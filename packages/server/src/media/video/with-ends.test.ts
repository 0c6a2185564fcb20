import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { Readable } from "node:stream";
import { parseTransformation } from "@sluice/grammar";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { defaultLimits } from "../../config/limits.ts";
import { hasFfmpeg, makeClip } from "../testing/clips.ts";
import { openVideoEngine, type VideoEngine } from "./video-engine.ts";

const waiting = { signal: new AbortController().signal };
const mebibyte = 1024 * 1024;
const facts = { width: 320, height: 180, videoCodec: "h264", audioCodec: "aac" };

describe.skipIf(!hasFfmpeg && process.env.CI !== "true")("the facts of a large file elsewhere", () => {
  let engine: VideoEngine;
  let boxes: Readonly<Record<string, Buffer>>;
  beforeAll(async () => {
    engine = openVideoEngine({ ffmpeg: "auto", limits: defaultLimits });
    boxes = boxesIn(await makeClip({ seconds: 1 }));
  });
  afterAll(() => engine.close());

  /** Reads what the parts of an MP4 say. */
  async function read(parts: readonly (Buffer | undefined)[]) {
    const bytes = Buffer.concat(parts.filter((part) => part !== undefined));
    const asked: string[] = [];
    const source = {
      ...{ path: undefined, size: bytes.length },
      open: async () => {
        asked.push("all");
        return Readable.from([bytes]);
      },
      openRange: async ({ start, end }: { readonly start: number; readonly end: number }) => {
        asked.push(`${start / mebibyte}-${(end + 1) / mebibyte}`);
        return Readable.from([bytes.subarray(start, end + 1)]);
      },
    };
    return { facts: await engine.probe(source, waiting), asked };
  }

  test("are read from its ends, where the index is in one of them", async () => {
    const { ftyp, free, mdat, moov } = boxes;
    const size = 48 * mebibyte;
    const rest = size - [ftyp, free, mdat, moov].reduce((sum, box) => sum + (box?.length ?? 0), 0);
    for (const parts of [
      [ftyp, free, mdat, box("mdat", rest), moov],
      [ftyp, moov, free, mdat, box("mdat", rest)],
    ]) {
      expect(await read(parts)).toMatchObject({ facts, asked: ["0-16", "32-48"] });
    }
  });

  test("are read from all of it, where a part of the index is between them, or nothing is found", async () => {
    const { ftyp, free, mdat, moov } = boxes;
    const gap = box("mdat", 24 * mebibyte);
    const between = await read([ftyp, free, mdat, gap, moov, gap]);
    expect(between).toMatchObject({ facts, asked: ["0-16", expect.any(String), "all"] });
    for (const parts of [
      [ftyp, moov, mdat, gap, box("moof", 9), gap],
      [ftyp, box("free", 24 * mebibyte), gap, mdat, moov],
      [Buffer.alloc(40 * mebibyte, 1)],
      [ftyp, ...Array.from({ length: 1000 }, () => box("free", 8)), moov, mdat, gap, gap],
    ]) {
      expect((await read(parts)).asked).toContain("all");
    }
  });

  test("are read from a copy where it isn't large", async () => {
    expect(await read(Object.values(boxes))).toMatchObject({ facts, asked: ["all"] });
  });

  test("an encode copies it once", async () => {
    const bytes = Buffer.concat(Object.values(boxes));
    const open = vi.fn(async () => Readable.from([bytes]));
    const source = { path: undefined, size: bytes.length, open };
    const target = join(await mkdtemp(join(tmpdir(), "sluice-ends-")), "made.mp4");
    await engine.encode(source, { transformation: parseTransformation("w-32"), target }, waiting);
    expect(open).toHaveBeenCalledTimes(1);
    await rm(dirname(target), { recursive: true });
  });

  test("a still is taken from all of it", async () => {
    const { ftyp, free, mdat, moov } = boxes;
    const bytes = Buffer.concat(
      [ftyp, free, mdat, box("mdat", 40 * mebibyte), moov].filter((part) => part !== undefined),
    );
    const openRange = () => Promise.reject(new Error("A part is not enough"));
    const source = { path: undefined, size: bytes.length, open: async () => Readable.from([bytes]), openRange };
    expect((await engine.still(source, 0, waiting)).data.length).toBeGreaterThan(0);
  });
});

function box(type: string, length: number): Buffer {
  const bytes = Buffer.alloc(length);
  bytes.writeUInt32BE(length);
  bytes.write(type, 4, "latin1");
  return bytes;
}

function boxesIn(bytes: Buffer): Record<string, Buffer> {
  const boxes: Record<string, Buffer> = {};
  for (let at = 0; at < bytes.length; ) {
    const length = bytes.readUInt32BE(at);
    boxes[bytes.toString("latin1", at + 4, at + 8)] = bytes.subarray(at, at + length);
    at += length;
  }
  return boxes;
}
