import { writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { build } from "rolldown";

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** Everything that a page may want from the client, as one minified ES module. */
export async function bundleClient(): Promise<string> {
  const { output } = await build({
    input: here("src/bundle.ts"),
    platform: "browser",
    resolve: { conditionNames: ["sluice-source", "import", "default"] },
    output: { format: "esm", minify: true, codeSplitting: false },
    write: false,
  });
  return output[0].code;
}

if (import.meta.main) await writeFile(here("dist/sluice-client.js"), await bundleClient());
