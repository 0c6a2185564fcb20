import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { fontFolders } from "@sluice/fonts";
import { expect, test } from "vitest";

/** Prints a checksum of a text, which a process draws after it has rounded a picture, so that it has drawn an SVG. */
const program = `
  import { createHash } from "node:crypto";
  import { parseTransformation } from "@sluice/grammar";
  import { readTransformation } from "${new URL("../../plan/read-transformation.ts", import.meta.url)}";
  import { plain, render } from "${new URL("../../../testing/pictures.ts", import.meta.url)}";
  const drawn = async (text) => {
    const read = readTransformation(parseTransformation(text));
    return (await render(plain(300, 90, "#fff"), { ...read, output: { format: "png", lossless: true } })).data;
  };
  await drawn("r-20,e-gradient");
  console.log(createHash("sha256").update(await drawn("l-text,i-Hello,ff-Nobody,l-end")).digest("hex"));
`;

test("a text is the same on a machine with other fonts, and on one without any", async () => {
  const folder = await mkdtemp(join(tmpdir(), "machine-"));
  try {
    const drawnWith = async (name: string, fonts: string): Promise<string> => {
      const file = join(folder, name);
      await writeFile(file, `<fontconfig>${fonts}<cachedir>${folder}</cachedir></fontconfig>`);
      const options = { cwd: import.meta.dirname, env: { FONTCONFIG_FILE: file } };
      const args = ["--conditions=sluice-source", "--input-type=module", "--eval", program];
      return (await promisify(execFile)(process.execPath, args, options)).stdout;
    };
    const [monoton = ""] = fontFolders().filter((one) => one.includes("/monoton/"));
    const [drawn, without] = await Promise.all([drawnWith("one", `<dir>${monoton}</dir>`), drawnWith("none", "")]);
    expect(drawn).toMatch(/^[0-9a-f]{64}$/m);
    expect(without).toBe(drawn);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
