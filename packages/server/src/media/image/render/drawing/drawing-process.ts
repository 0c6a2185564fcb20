import { buffer } from "node:stream/consumers";
import sharp from "sharp";

// This process reads an SVG from standard input and writes its pixels (red, green, blue and alpha) to standard output.
// A drawing that is read from memory can't refer to any file.
const [width = 1, height = 1, density = 72, maxMemoryBytes = 0, maxTimeMs = 0] = process.argv.slice(2).map(Number);

// Each result of a filter is a canvas that is kept, so a few kilobytes can ask for gigabytes. The renderer has a thread
// of its own, and nothing but the end of the process stops it. The process that started this one may have ended before.
setInterval(() => {
  if (process.memoryUsage.rss() > maxMemoryBytes || performance.now() > maxTimeMs) process.kill(process.pid, "SIGKILL");
}, 10).unref();

// Stopping the server sends the signal to all of its processes, and the server finishes what is in flight.
for (const name of ["SIGTERM", "SIGINT", "SIGHUP"] as const) process.on(name, () => undefined);

sharp.concurrency(1);
const pixels = await sharp(await buffer(process.stdin), { density })
  .resize({ width, height, fit: "fill" })
  .toColourspace("srgb")
  .ensureAlpha()
  .raw()
  .toBuffer();
process.stdout.write(pixels);
