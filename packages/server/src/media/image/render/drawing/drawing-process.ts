import { buffer } from "node:stream/consumers";
import sharp from "sharp";

// SVG comes in on standard input, and its pixels, red, green, blue and alpha, go out on standard output. Read from memory,
// a drawing can't refer to any file.
const [width = 1, height = 1, density = 72, mostMemory = 0, mostTime = 0] = process.argv.slice(2).map(Number);

// Each result of a filter is a canvas that is kept: a few kilobytes can ask for gigabytes. Nothing but the end of the
// process stops the renderer, which has a thread of its own. Who started it may have come to an end before.
setInterval(() => {
  if (process.memoryUsage.rss() > mostMemory || performance.now() > mostTime) process.kill(process.pid, "SIGKILL");
}, 10).unref();

// Whoever stops the server tells all of its processes, and the server finishes what is in flight.
for (const name of ["SIGTERM", "SIGINT", "SIGHUP"] as const) process.on(name, () => undefined);

sharp.concurrency(1);
const pixels = await sharp(await buffer(process.stdin), { density })
  .resize({ width, height, fit: "fill" })
  .toColourspace("srgb")
  .ensureAlpha()
  .raw()
  .toBuffer();
process.stdout.write(pixels);
