import { fileURLToPath } from "node:url";
import { build } from "rolldown";

/** The page's script with all that it imports, as your bundler would make it. */
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
