import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { promisify } from "node:util";
import sharp from "sharp";
import { expect, test } from "vitest";

interface Package {
  readonly peerDependenciesMeta: Readonly<Record<string, { readonly optional: boolean }>>;
}

const { peerDependenciesMeta }: Package = JSON.parse(
  await readFile(new URL("../../../../package.json", import.meta.url), "utf8"),
);
const optional = Object.keys(peerDependenciesMeta);
const picture = await sharp({ create: { width: 2, height: 3, channels: 3, background: "#c33" } })
  .png()
  .toBuffer();

/** Reads a header where none of the optional packages is installed. */
const script = `
  import { registerHooks } from "node:module";
  const missing = new Set(${JSON.stringify(optional)});
  registerHooks({
    resolve(specifier, context, next) {
      if (missing.has(specifier)) throw Object.assign(new Error(specifier), { code: "ERR_MODULE_NOT_FOUND" });
      return next(specifier, context);
    },
  });
  const { doTask } = await import(${JSON.stringify(new URL("do-task.ts", import.meta.url).href)});
  const data = Buffer.from("${picture.toString("hex")}", "hex");
  const { width, height } = await doTask("header", { file: { data }, formats: ["png"] }, {});
  console.log(JSON.stringify({ width, height }));
`;

test("pictures are decoded where no optional package is installed", async () => {
  expect(optional).toContain("@sluice/auto-tagging");
  const options = [
    "--conditions=sluice-source",
    "--disable-warning=ExperimentalWarning",
    "--input-type=module",
    "--eval",
  ];
  const { stdout } = await promisify(execFile)(process.execPath, [...options, script]);
  expect(JSON.parse(stdout)).toEqual({ width: 2, height: 3 });
});
