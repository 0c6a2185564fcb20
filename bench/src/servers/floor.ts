import { createHash, randomUUID } from "node:crypto";
import { type FileHandle, mkdir, open, rename } from "node:fs/promises";
import type { IncomingMessage } from "node:http";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { serve } from "./serve.ts";

// The least that a server must do before it may say that an upload is kept: write the raw body to a file, fsync it,
// rename it, fsync the folder, answer. Sluice is measured against this, with and without the SHA-256 that finds equal
// content.

const { values } = parseArgs({ options: { "data-dir": { type: "string" }, sha256: { type: "boolean" } } });
const folder = values["data-dir"] ?? ".";
await mkdir(folder, { recursive: true });
const folderHandle = await open(folder);

serve(async (request, response) => {
  try {
    const answer = await store(request);
    response.setHeader("content-type", "application/json").end(JSON.stringify(answer));
  } catch (error) {
    response.writeHead(500).end(String(error));
  }
});

async function store(body: IncomingMessage): Promise<{ name: string; size: number; sha256?: string }> {
  const name = randomUUID();
  const spooled = join(folder, `${name}.part`);
  const file = await open(spooled, "wx");
  const hash = values.sha256 ? createHash("sha256") : undefined;
  let size = 0;
  try {
    for await (const chunk of body as AsyncIterable<Buffer>) {
      hash?.update(chunk);
      await writeWhole(file, chunk);
      size += chunk.length;
    }
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(spooled, join(folder, name));
  await folderHandle.sync();
  return { name, size, ...(hash === undefined ? {} : { sha256: hash.digest("hex") }) };
}

async function writeWhole(file: FileHandle, chunk: Buffer): Promise<void> {
  for (let rest = chunk; rest.length > 0; ) {
    const { bytesWritten } = await file.write(rest);
    rest = rest.subarray(bytesWritten);
  }
}
