import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { signPath } from "../../packages/server/src/library/files/asset-url.ts";
import { isOnPath } from "../requirements.ts";

const page = readFileSync("docs/signed-urls.md", "utf8");
const endpoint = "https://ik.imagekit.io/demo/";
const key = "dummy-key";
const vectors = [...page.matchAll(/^\| `([^`]+)` \| (\d+) \| `[0-9a-f]{40}` \|$/gm)].map(
  ([, path = "", time = ""]) => ({
    path,
    until: time === "9999999999" ? undefined : Number(time),
  }),
);

const folder = mkdtempSync(join(tmpdir(), "sluice-signing-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The languages of the page whose compilers and interpreters are too large for the other suites. */
const languages = [
  {
    language: "php",
    file: "sign_url.php",
    program: "php",
    main: "echo sign_url($argv[1], $argv[2], $argv[3], isset($argv[4]) ? (int) $argv[4] : null);",
    command: ["php", "sign_url.php"],
  },
  {
    language: "ruby",
    file: "sign_url.rb",
    program: "ruby",
    main: "print sign_url(*ARGV[0, 3], ARGV[3]&.to_i)",
    command: ["ruby", "sign_url.rb"],
  },
  {
    language: "go",
    file: "sign_url.go",
    program: "go",
    main: `func main() {
  until := int64(0)
  if len(os.Args) > 4 { until, _ = strconv.ParseInt(os.Args[4], 10, 64) }
  fmt.Print(SignURL(os.Args[1], os.Args[2], os.Args[3], until))
}`,
    imports: 'import ("os"; "strconv")',
    command: ["go", "run", "sign_url.go"],
  },
  {
    language: "java",
    file: "SignUrl.java",
    program: "java",
    main: `class Main {
  public static void main(String[] args) throws Exception {
    System.out.print(SignUrl.signUrl(args[0], args[1], args[2], args.length > 3 ? Long.parseLong(args[3]) : 0));
  }
}`,
    command: ["java", "SignUrl.java"],
  },
] as const;

test.for(languages)("the page's $language makes the URLs that the server makes", (sample, { skip }) => {
  skip(!isOnPath(sample.program), `${sample.program} is not installed`);
  const marker = new RegExp(`\`\`\`${sample.language}\\n(.*?)\`\`\``, "s");
  const [, code = ""] = marker.exec(page) ?? [];
  expect(code).toContain(sample.file);
  writeFileSync(join(folder, sample.file), programOf(sample, code));
  for (const { path, until } of vectors) {
    const [program, ...args] = sample.command;
    const given = [endpoint, path, key, ...(until === undefined ? [] : [String(until)])];
    const env = { ...process.env, GOCACHE: join(folder, "go-cache") };
    expect(execFileSync(program, [...args, ...given], { cwd: folder, env, encoding: "utf8" })).toBe(
      endpoint + signPath(key, path, until),
    );
  }
});

/** The page's code with a main program that calls it. Java runs the first class of a file, so that the main one leads. */
function programOf(sample: (typeof languages)[number], code: string): string {
  if (sample.language === "go")
    return `${code.replace("package main\n", `package main\n${sample.imports}\n`)}${sample.main}`;
  if (sample.language === "java") return code.replace("class SignUrl", () => `${sample.main}\nclass SignUrl`);
  return `${code}\n${sample.main}`;
}
