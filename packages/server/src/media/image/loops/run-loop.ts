import { moduleBeside } from "../../processes/module-beside.ts";
import { runThread } from "../../processes/run-thread.ts";
import type { Frames } from "../pixels/frames.ts";
import type { Size } from "../pixels/geometry.ts";
import type { Work } from "../pixels/work.ts";
import type { LoopThreadData } from "./loop-thread.ts";
import { doLoop, type Loop } from "./loops.ts";
import type { Raster } from "./raster.ts";
import { ringOf } from "./remap.ts";

const module = moduleBeside("./loop-thread", import.meta.url);

/**
 * Does a loop over all pixels of all frames, on a copy of them. Unless there are few before and after it, it has a
 * thread of its own, which takes over the map of a displacement.
 * @throws MediaError ETIME, EBUSY; the signal's reason
 */
export async function runLoop(frames: Frames, loop: Loop, work: Work): Promise<Frames> {
  const { width, height, channels, count } = frames;
  // The pixels may be a part of larger memory, which can't be given away.
  const data = new Uint8Array(frames.data);
  const raster = { data, width, height, channels, count };
  const workerData: LoopThreadData = { raster, loop };
  const done =
    Math.max(pixelsOf(frames), pixelsOf(sizeAfterLoop(frames, loop))) * count <= smallPixels
      ? doLoop(raster, loop)
      : await runThread<Raster>({ module, workerData, transfer: [data.buffer, ...memoryOf(loop)] }, work);
  return { ...done, data: Buffer.from(done.data.buffer) };
}

/** The memory that a loop brings, apart from the pixels. */
function memoryOf(loop: Loop): readonly ArrayBuffer[] {
  return loop.kind === "displace" ? [loop.map.data.buffer] : [];
}

/** An arc around a narrow and long picture is many times as large as the picture. */
function sizeAfterLoop(size: Size, loop: Loop): Size {
  return loop.kind === "arc" ? ringOf(size, loop.degrees) : size;
}

function pixelsOf({ width, height }: Size): number {
  return width * height;
}

/** So many pixels take less time than a thread needs to start, two milliseconds at most. */
const smallPixels = 16_384;
