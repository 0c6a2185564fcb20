import { randomUUID } from "node:crypto";
import { createReadStream } from "node:fs";
import { Readable } from "node:stream";
import { SluiceError } from "@sluice/protocol";
import { headLength } from "../../media/byte-source.ts";
import type { ImageSource } from "../../media/image-source.ts";
import type { MediaFacts } from "../../media/inspect-media.ts";
import { MediaError } from "../../media/media-error.ts";
import { defaultDelivery } from "../../media/plan/choose-output.ts";
import type { ImageTransformation } from "../../media/plan/plan.ts";
import type { Services } from "../../services.ts";
import { inspect } from "../inspect.ts";
import { invalidTransformation } from "../parameters/transformation.ts";
import type { SpooledFile } from "../spool/spool-file.ts";
import type { UploadRequest } from "../validate.ts";
import { fitMedia } from "./fit-media.ts";

/** The bytes that are to be stored, and what they are. */
export interface PreparedFile {
  readonly spooled: SpooledFile;
  readonly media: MediaFacts;
  /** Lets go of what was made here; what came with the upload is its receiver's. Never throws. */
  discard(): Promise<void>;
}

type PrepareServices = Pick<Services, "config" | "images" | "spool">;

/**
 * Puts what `pre` makes of an image in the file's place (spec/upload-v2.md §9); a file of which nothing is to be made
 * goes on as it is.
 * @param pre what `transformation.pre` asks of an image
 * @throws SluiceError TRANSFORMATION_INVALID, TRANSFORMATION_NOT_FOR_FILE, POST_TRANSFORMATION_UNFIT,
 *   PARAMETER_NOT_SUPPORTED, FILE_TOO_LARGE, SERVER_BUSY; nothing is left behind then
 */
export async function prepare(
  services: PrepareServices,
  request: UploadRequest,
  pre: ImageTransformation | undefined,
  { spooled, media }: Pick<PreparedFile, "spooled" | "media">,
  signal: AbortSignal,
): Promise<PreparedFile> {
  const unchanged = { spooled, media, discard: async () => undefined };
  if (request.transformation === undefined) return unchanged;
  fitMedia(request.transformation, media);
  if (pre === undefined) return unchanged;
  const data = await render(services, pre, spooled, signal);
  const limits = services.config.fileSize;
  if (data.length > limits.file) throw new SluiceError("FILE_TOO_LARGE", { limit: limits.file });
  // The spool releases the memory of what it has written.
  const head = Buffer.from(data.subarray(0, headLength));
  const file = services.spool.create(signal);
  try {
    await file.write(data);
    const made = await file.finish();
    return {
      spooled: made,
      media: await inspect({ ...made, head }, request, limits, signal),
      discard: () => file.discard(),
    };
  } catch (error) {
    await file.discard();
    throw error;
  }
}

/** The file keeps its format unless `f` says otherwise: nobody is there yet who would take another. */
const settings = Object.freeze({ ...defaultDelivery, bestFormat: false });
const accepted = { webp: false, avif: false } as const;

async function render(
  { images }: PrepareServices,
  transformation: ImageTransformation,
  spooled: SpooledFile,
  signal: AbortSignal,
): Promise<Buffer> {
  const context = { accepted, settings, hints: {}, area: undefined };
  // Not shared with others who ask for the same: what comes of it is the spool's, down to its memory.
  const asked = { source: sourceOf(spooled), transformation, context, key: randomUUID(), signal };
  const { data } = await images.render(asked).catch((error: unknown) => {
    throw error instanceof MediaError ? refusal(error) : error;
  });
  return data;
}

function sourceOf(spooled: SpooledFile): ImageSource {
  return {
    size: spooled.size,
    open: async () => ("chunks" in spooled ? Readable.from(spooled.chunks) : createReadStream(spooled.path)),
  };
}

function refusal(cause: MediaError): SluiceError {
  if (cause.code === "EBUSY") return new SluiceError("SERVER_BUSY", {}, { cause });
  return invalidTransformation(`pre: ${cause.message}.`, cause);
}
