import { createHash } from "node:crypto";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";

/** The files beside the pages. A file's name has a hash of its content, so browsers may keep it for good. */
export class Assets {
  readonly #files = new Map<string, Buffer>();

  /** Adds a file. @returns its path below the site's folder */
  add(name: string, content: string | Buffer): string {
    const bytes = Buffer.from(content);
    const hash = createHash("sha256").update(bytes).digest("hex").slice(0, 10);
    const dot = name.lastIndexOf(".");
    const path = `assets/${name.slice(0, dot)}.${hash}${name.slice(dot)}`;
    this.#files.set(path, bytes);
    return path;
  }

  async write(folder: string): Promise<void> {
    await mkdir(join(folder, "assets"), { recursive: true });
    for (const [path, bytes] of this.#files) await writeFile(join(folder, path), bytes);
  }
}
