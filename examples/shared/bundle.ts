import { fileURLToPath } from "node:url";
import { build } from "rolldown";

/** Bundles the page's script with all its imports, as your bundler would. */
export async function bundle(entry: URL): Promise<string> {
  const { output } = await build({
    input: fileURLToPath(entry),
    platform: "browser",
    resolve: { conditionNames: ["sluice-source", "browser", "import", "default"] },
    output: { codeSplitting: false },
    write: false,
  });
  return output[0].code;
}
