import { glob, readFile, rm } from "node:fs/promises";
import { join, resolve } from "node:path";

/**
 * Removes the declarations that the package's users can't reach from its public face: they are a third of its files.
 * @returns the paths of those that stay, relative to the folder
 */
export async function pruneTypes(folder: string, entry: string): Promise<readonly string[]> {
  const reached = [join(folder, entry)];
  for (const file of reached) {
    const text = await readFile(file, "utf8");
    for (const [, path = ""] of text.matchAll(/(?:\bfrom |\bimport\(?)"(\.[^"]+)\.[jt]s"/g)) {
      const next = resolve(file, "..", `${path}.d.ts`);
      if (!reached.includes(next)) reached.push(next);
    }
  }
  for await (const file of glob("**/*.d.ts", { cwd: folder })) {
    if (!reached.includes(join(folder, file))) await rm(join(folder, file));
  }
  return reached.map((file) => file.slice(folder.length + 1));
}
