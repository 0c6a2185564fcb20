import { MediaError } from "../../../media-error.ts";
import { moduleBeside } from "../../../processes/module-beside.ts";
import { runThread } from "../../../processes/run-thread.ts";
import type { Frames } from "../../pixels/frames.ts";
import type { Work } from "../../pixels/work.ts";
import type { SourceLimits } from "../read-source.ts";
import type { HeicThreadData, HeicThreadReply } from "./heic-thread.ts";

/**
 * Decodes a picture of a HEIC file as it is displayed. sharp's libraries have no decoder for HEVC. This decoder is
 * WASM in a thread of its own, which can be stopped at any moment.
 * @param page the picture, counted from 0; undefined for the main picture
 * @throws MediaError EINVALID, ELIMIT, ETIME, or EBUSY where no thread can be started; the signal's reason
 */
export async function decodeHeic(
  bytes: Buffer,
  limits: SourceLimits,
  work: Work,
  page: number | undefined = undefined,
): Promise<Frames> {
  const workerData: HeicThreadData = { bytes, page, maxPixels: limits.pixels, maxMemoryBytes: limits.memoryBytes };
  const reply = await runThread<HeicThreadReply>({ module, workerData }, work).catch((error: unknown) => {
    if (error instanceof MediaError || work.signal.aborted) throw error;
    throw new MediaError("EINVALID", "The image cannot be decoded", { cause: error });
  });
  return framesOf(reply);
}

const module = moduleBeside("./heic-thread", import.meta.url);

function framesOf(reply: HeicThreadReply): Frames {
  if ("failed" in reply) {
    throw reply.failed === "size"
      ? new MediaError("ELIMIT", "The image has more pixels, or takes more memory, than this server works with")
      : new MediaError("EINVALID", "The image cannot be decoded");
  }
  const { pixels, width, height } = reply;
  return { data: Buffer.from(pixels.buffer), width, height, channels: 4, count: 1 };
}
