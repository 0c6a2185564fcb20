import { writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { build } from "rolldown";
import { licencesOf } from "../../../scripts/licences.ts";

const module = "upload/resumable/tus/library";
const here = (path: string): string => fileURLToPath(new URL(`../${path}`, import.meta.url));

/**
 * Puts the implementation of the tus protocol into the compiled files, with its licences. As a dependency it would bring
 * clients of Redis, which it names as optional packages and npm installs nevertheless.
 */
export async function bundleTus(): Promise<void> {
  const { output } = await build({
    input: here(`src/${module}.ts`),
    platform: "node",
    output: { format: "esm" },
    write: false,
  });
  const [{ code, moduleIds }, ...others] = output;
  if (others.length > 0) throw new Error(`the bundle of ${module} has ${output.length} files, and not one`);
  await writeFile(here(`dist/${module}.js`), code);
  await writeFile(here(`dist/${module}.js.LICENSE`), await licencesOf(moduleIds));
}
