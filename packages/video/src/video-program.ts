import { writeSync } from "node:fs";
import { readCommand, readProbeCommand } from "./command/read-command.ts";
import { unsupportedCode } from "./index.ts";
import { readFacts } from "./input/facts.ts";
import { libav, numbers } from "./libav/libav.ts";
import { transcode } from "./transcode.ts";
import { Unsupported } from "./unsupported.ts";

/**
 * A program that does what one command of FFmpeg says, and ends. It reads the descriptors that it was started with, and
 * nothing else. Whoever starts it ends it when it takes too much time or memory.
 */

const output = 1;
/** The least time between two reports, in milliseconds. */
const reportMs = 250;

// The encoder of AV1 tells about itself otherwise.
process.env.SVT_LOG = "1";
libav.Log.setLevel(numbers.logErrors);
try {
  await run(process.argv[2], process.argv.slice(3));
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = error instanceof Unsupported ? unsupportedCode : 1;
}

async function run(program: string | undefined, args: readonly string[]): Promise<void> {
  switch (program) {
    case "version":
      return write(libav.getFFmpegInfo().version);
    case "ffprobe":
      return write(JSON.stringify(readFacts(readProbeCommand(args))));
    case "ffmpeg":
      return transcode(readCommand(args), args.includes("-progress") ? reporter() : () => undefined);
    default:
      throw new Unsupported(`There is no program ${program} here`);
  }
}

function reporter(): (seconds: number) => void {
  let told = Number.NEGATIVE_INFINITY;
  return (seconds) => {
    const now = performance.now();
    if (now < told + reportMs) return;
    told = now;
    write(`out_time_us=${Math.max(0, Math.round(seconds * 1e6))}\n`);
  };
}

function write(text: string): void {
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; ) at += writeSync(output, bytes, at);
}
