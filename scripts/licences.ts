import { glob, readFile } from "node:fs/promises";
import { join } from "node:path";

/** Returns the licences of the packages that these modules belong to. The licences ask for their text beside each copy. */
export async function licencesOf(modules: readonly string[]): Promise<string> {
  const packages = new Set(modules.flatMap((id) => /^.*\/node_modules\/(?:@[^/]+\/)?[^/]+/.exec(id)?.[0] ?? []));
  let text = "";
  for (const folder of [...packages].sort()) {
    const { name, version, license } = JSON.parse(await readFile(join(folder, "package.json"), "utf8"));
    text += `${name} ${version} (${license})\n\n`;
    for await (const file of glob("{LICEN[CS]E,licen[cs]e}*", { cwd: folder })) {
      text += await readFile(join(folder, file), "utf8");
    }
    text += "\n\n";
  }
  return text;
}
