import { globSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { decodeJwt } from "jose";
import { build } from "rolldown";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { defaultDelivery } from "../../packages/server/src/media/image/plan/choose-output.ts";

// The guides' programs are built as a reader's bundler would build them: a name that our packages don't export fails.
// `examples/next` is the application that the proof installs and drives.

interface Program {
  readonly guide: string;
  readonly language: string;
  readonly code: string;
}

const languages: ReadonlySet<string> = new Set(["js", "jsx", "ts", "tsx"]);
const programs = globSync("docs/guides/*.md").flatMap((guide) =>
  [...readFileSync(guide, "utf8").matchAll(/```(\w+)\n(.*?)```/gs)].map(
    ([, language = "", code = ""]): Program => ({ guide, language, code }),
  ),
);
const scripts = programs.filter(({ language }) => languages.has(language));

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "sluice-guides-"));
  symlinkSync(resolve("node_modules"), join(folder, "node_modules"));
});
afterAll(() => rmSync(folder, { recursive: true }));

async function bundle({ language, code }: Program, name: string): Promise<string> {
  writeFileSync(join(folder, "upload-picture.tsx"), "export const UploadPicture = () => null;");
  const input = join(folder, `${name}.${language}`);
  writeFileSync(input, code);
  const { output } = await build({
    input,
    platform: language === "ts" ? "node" : "browser",
    resolve: { conditionNames: ["sluice-source", "import", "default"] },
    external: [/^react/, "jose"],
    logLevel: "silent",
    write: false,
  });
  return output[0].code;
}

test("of AVIF, which is off by default, the guide on pictures and the front page say that it has to be switched on", () => {
  expect(defaultDelivery).toMatchObject({ bestFormat: true, avif: false });
  const shown = (page: string): string => readFileSync(page, "utf8").replaceAll(/\s+/g, " ");
  expect(shown("docs/guides/pictures.md")).toMatch(/AVIF[^.]*\. So it does not come by itself.*--avif on/);
  expect(shown("docs/guides/pictures.md")).toContain("Browsers that take WebP get it");
  expect(shown("README.md")).not.toMatch(/\bin AVIF\b/);
});

test("there are programs in the guides", () => expect(scripts.length).toBeGreaterThan(8));

test.each(scripts.map((program, index) => [`${program.guide}, program ${index + 1}`, program] as const))(
  "%s can be built",
  async (name, program) => {
    await expect(bundle(program, name.replaceAll(/\W+/g, "-"))).resolves.toBeTypeOf("string");
  },
);

test("the token route of the guide for Next.js signs what its policy says, and needs no keys before the first request", async () => {
  const route = scripts.find(({ code }) => code.startsWith("// app/api/upload-token/route.ts"));
  if (route === undefined) throw new Error("docs/guides/nextjs.md has no token route");
  writeFileSync(join(folder, "route.mjs"), await bundle(route, "route"));
  const { POST } = await import(pathToFileURL(join(folder, "route.mjs")).href);
  vi.stubEnv("SLUICE_PUBLIC_KEY", "public_guide");
  vi.stubEnv("SLUICE_PRIVATE_KEY", "private_guide");
  try {
    const ask = (uploadPayload: object) =>
      POST(new Request("http://localhost", { method: "POST", body: JSON.stringify({ uploadPayload }) }));
    const { token } = await (await ask({ fileName: "photo.jpg" })).json();
    expect(decodeJwt(token)).toMatchObject({
      fileName: "photo.jpg",
      folder: "/users/ada",
      useUniqueFileName: "true",
      checks: expect.stringContaining("image/"),
    });
    expect((await ask({ fileName: "photo.jpg", tags: ["a"] })).status).toBe(400);
  } finally {
    vi.unstubAllEnvs();
  }
});
