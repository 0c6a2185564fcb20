import { MediaError } from "../../../media-error.ts";
import { startWork, type Work } from "../../pixels/work.ts";
import { runProcess } from "../../processes/run-process.ts";
import { moduleBeside } from "../../threads/module-beside.ts";
import type { SharpInput } from "./sharp-input.ts";
import type { Writing } from "./write-image.ts";

/**
 * The memory, in bytes, that a process takes to write a picture. It holds the pixels, and twice as much for its encoder
 * as the encoder takes elsewhere, since little that was freed is given back. Measured.
 */
export function writingBytes(pixelBytes: number, encoderBytes: number): number {
  return programBytes + pixelBytes + 2 * encoderBytes;
}

const programBytes = 96 * 1024 * 1024;

/**
 * The time for writing a picture, apart from that for making it. By itself an encoder takes a few seconds, as its efforts
 * are chosen. On a busy machine it is better late than begun again by the next request.
 */
const maxWritingMs = 20_000;

/** The process is told how it reads its standard input, and how it writes the picture. */
export interface WritingTask {
  readonly bytes: number;
  readonly raw: SharpInput["raw"];
  readonly writing: Writing;
}

/**
 * Writes a picture in a process of its own. An encoder that has all pixels stops for nothing but the end of its process,
 * so it would go on for seconds after the last client has gone.
 * @param encoderBytes the memory that the encoder is estimated to take
 * @throws MediaError ELIMIT, ETIME, or EBUSY where no process can be started; the signal's reason
 */
export async function writeApart(
  { data, raw }: SharpInput,
  writing: Writing,
  encoderBytes: number,
  { signal: stop }: Pick<Work, "signal">,
  milliseconds = maxWritingMs,
): Promise<Buffer> {
  const task: WritingTask = { bytes: data.length, raw, writing };
  // The encoder has no limit of its own. No picture that was measured came close to this one.
  const memoryBytes = 2 * writingBytes(data.length, encoderBytes);
  const { output, signal } = await runProcess(
    {
      program,
      arguments: [JSON.stringify(task)],
      input: data,
      limits: { milliseconds, memoryBytes },
      // The process holds the whole file before it writes it.
      maxOutputBytes: memoryBytes,
      late: "The image took too long to render",
    },
    startWork(stop, { milliseconds, memoryBytes }),
  );
  if (output.length > 0 && signal === null) return output;
  if (signal === null) throw new Error("The process that writes a picture has failed");
  throw new MediaError("ELIMIT", `The image takes more than ${memoryBytes} bytes of memory to write`);
}

const program = moduleBeside("./writing-process", import.meta.url);
