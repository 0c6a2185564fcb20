import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { fastify } from "fastify";
import sharp from "sharp";

// The least work for a picture: read its file, scale it to the width in the URL, and encode it as Sluice does. With
// `--once` this is done once, and the same bytes answer every request.

const { values } = parseArgs({ options: { "data-dir": { type: "string" }, once: { type: "boolean" } } });
const folder = values["data-dir"] ?? ".";
sharp.concurrency(1);
sharp.cache(false);
const app = fastify({ forceCloseConnections: true });
const kept = new Map<string, Promise<Buffer>>();

app.get("/*", async (request, reply) => {
  const [, width = "", format = ""] = /w-(\d+),f-(\w+)/.exec(request.url) ?? [];
  return reply.type(`image/${format}`).send(await (values.once ? once(width, format) : render(width, format)));
});

function once(width: string, format: string): Promise<Buffer> {
  const key = `${width} ${format}`;
  const picture = kept.get(key) ?? render(width, format);
  kept.set(key, picture);
  return picture;
}

async function render(width: string, format: string): Promise<Buffer> {
  const source = await readFile(join(folder, "photo.jpg"));
  const scaled = sharp(source, { autoOrient: true }).resize({ width: Number(width) });
  return (format === "webp" ? scaled.webp({ quality: 80, effort: 4 }) : scaled.jpeg(jpeg)).toBuffer();
}

/** The options that Sluice uses for quality 80. */
const jpeg = {
  quality: 80,
  chromaSubsampling: "4:2:0",
  trellisQuantisation: true,
  overshootDeringing: true,
  quantisationTable: 3,
} as const;

process.stdout.write(`listening on ${await app.listen({ host: "127.0.0.1", port: 0 })}\n`);
process.once("SIGTERM", () => void app.close());
