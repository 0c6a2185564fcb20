import { createHash, type Hash } from "node:crypto";
import { open } from "node:fs/promises";
import { join } from "node:path";
import { Readable } from "node:stream";
import { parseArgs } from "node:util";
import { FileStore } from "@tus/file-store";
import { Server } from "@tus/server";
import { serve } from "./serve.ts";

// The tus server with the two things that a promise about bytes needs: a hash that runs along, and each piece on the disk
// before it is acknowledged.

const { values } = parseArgs({ options: { "data-dir": { type: "string" } } });
const directory = values["data-dir"] ?? ".";

class DurableStore extends FileStore {
  readonly #hashes = new Map<string, Hash>();

  override async write(stream: Readable, id: string, offset: number): Promise<number> {
    const hash = this.#hashes.get(id) ?? createHash("sha256");
    this.#hashes.set(id, hash);
    async function* hashed(): AsyncGenerator<Buffer> {
      for await (const chunk of stream as AsyncIterable<Buffer>) {
        hash.update(chunk);
        yield chunk;
      }
    }
    const end = await super.write(Readable.from(hashed(), { objectMode: false }), id, offset);
    await using file = await open(join(directory, id), "r+");
    await file.datasync();
    const { size } = await this.getUpload(id);
    if (end === size) hash.digest();
    return end;
  }
}

const tus = new Server({ path: "/files", datastore: new DurableStore({ directory }) });

serve((request, response) => void tus.handle(request, response));
