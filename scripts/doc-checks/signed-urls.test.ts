import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { signPath } from "../../packages/server/src/library/files/asset-url.ts";
import { isOnPath } from "../requirements.ts";

const page = readFileSync("docs/signed-urls.md", "utf8");
const key = "dummy-key";
const vectors = [...page.matchAll(/^\| `([^`]+)` \| (\d+) \| `([0-9a-f]{40})` \|$/gm)].map(
  ([, path = "", time = "", signature = ""]) => ({
    path,
    until: time === "9999999999" ? undefined : Number(time),
    signature,
  }),
);

async function signUrlOfPage(): Promise<typeof signUrl> {
  const [, code = ""] = /```js\n(\/\/ sign-url\.mjs\n.*?)```/s.exec(page) ?? [];
  return (await import(`data:text/javascript,${encodeURIComponent(code)}`)).signUrl;
}
declare function signUrl(endpoint: string, path: string, privateKey: string, until?: number): string;

test("the page's vectors are signatures of the page's code and of the server", async () => {
  const sign = await signUrlOfPage();
  expect(vectors).toHaveLength(5);
  for (const { path, until, signature } of vectors) {
    const signed = sign("https://ik.imagekit.io/demo/", path, key, until);
    expect(signed).toBe(`https://ik.imagekit.io/demo/${signPath(key, path, until)}`);
    expect(signed).toMatch(new RegExp(`[?&]ik-s=${signature}$`));
    if (until !== undefined) expect(signed).toContain(`ik-t=${until}&`);
  }
});

test("the URL below the page's vectors is that of the second one", async () => {
  const { path = "", until } = vectors[1] ?? {};
  expect(page).toContain(`\n    ${(await signUrlOfPage())("https://ik.imagekit.io/demo/", path, key, until)}\n`);
});

test("the page names the file of the vector that is percent-encoded", () => {
  const encoded = vectors.map(({ path }) => path).filter((path) => path.includes("%"));
  expect(encoded).toHaveLength(1);
  expect(page).toContain(`\`${decodeURIComponent(encoded[0] ?? "").split("/")[1]}\``);
});

test.skipIf(!isOnPath("python3"))("the page's Python makes the URLs that the page's JavaScript makes", async () => {
  const [, code = ""] = /```python\n(# sign_url\.py\n.*?)```/s.exec(page) ?? [];
  const sign = await signUrlOfPage();
  for (const { path, until } of vectors) {
    const call = "print(sign_url(*sys.argv[1:4], *map(int, sys.argv[4:])), end='')";
    const given = ["https://ik.imagekit.io/demo/", path, key, ...(until === undefined ? [] : [String(until)])];
    const printed = execFileSync("python3", ["-c", `import sys\n${code}\n${call}`, ...given], { encoding: "utf8" });
    expect(printed).toBe(sign("https://ik.imagekit.io/demo/", path, key, until));
  }
});

test.skipIf(!isOnPath("openssl"))("the page's line for the shell makes the signatures of the vectors", () => {
  const [, line = ""] = /^(signature=.*)$/m.exec(page) ?? [];
  for (const { path, until = 9_999_999_999, signature } of vectors) {
    const env = { ...process.env, PRIVATE_KEY: key, path, until: String(until) };
    expect(execFileSync("sh", ["-ec", `${line}\nprintf %s "$signature"`], { env, encoding: "utf8" })).toBe(signature);
  }
});
