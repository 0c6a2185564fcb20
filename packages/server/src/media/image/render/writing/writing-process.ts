import sharp from "sharp";
import { keepLimits } from "../../processes/keep-limits.ts";
import type { WritingTask } from "./write-apart.ts";
import { writeImage } from "./write-image.ts";

// This process reads pixels from standard input and writes the picture that an encoder makes of them to standard
// output.
const [text = "{}"] = keepLimits();
const { bytes, raw, writing } = JSON.parse(text) as WritingTask;

sharp.concurrency(1);
const data = Buffer.allocUnsafeSlow(bytes);
let read = 0;
for await (const piece of process.stdin) read += (piece as Buffer).copy(data, read);
if (read !== bytes) throw new Error("The pixels are not all there");
process.stdout.write(await writeImage(sharp(data, { raw }), writing).toBuffer());
