import { execFileSync } from "node:child_process";
import { globSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

// Shows that commits changed prose only: the JavaScript that is emitted without comments is the same before and after.
//   node scripts/prose-only.ts <before> [<after>]     revisions; the default for <after> is the working tree

const [before = "HEAD", after] = process.argv.slice(2);
const folder = mkdtempSync(join(tmpdir(), "sluice-prose-"));
try {
  const old = emitted(checkOut(before, "before"), "emitted-before");
  const now = emitted(after === undefined ? process.cwd() : checkOut(after, "after"), "emitted-after");
  const files = [...new Set([...old.keys(), ...now.keys()])].sort();
  const differing = files.filter((file) => old.get(file) !== now.get(file));
  for (const file of differing) console.error(`${file} differs`);
  console.log(`${files.length} files, ${differing.length} differ without their comments`);
  process.exitCode = differing.length > 0 ? 1 : 0;
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/** Checks a revision out. @returns the folder with its files */
function checkOut(revision: string, name: string): string {
  const target = join(folder, name);
  execFileSync("git", ["clone", "--quiet", "--shared", "--no-checkout", ".", target]);
  execFileSync("git", ["-C", target, "checkout", "--quiet", "--detach", rev(revision)]);
  symlinkSync(resolve("node_modules"), join(target, "node_modules"));
  return target;
}

function rev(revision: string): string {
  return execFileSync("git", ["rev-parse", revision], { encoding: "utf8" }).trim();
}

/** Compiles a folder. @returns the JavaScript that TypeScript emits, by path */
function emitted(root: string, name: string): Map<string, string> {
  const target = join(folder, name);
  const options = ["--noEmit", "false", "--removeComments", "--rewriteRelativeImportExtensions", "--noCheck"];
  execFileSync("tsc", [...options, "--outDir", target], { cwd: root, stdio: "inherit" });
  return new Map(globSync("**/*.js", { cwd: target }).map((file) => [file, readFileSync(join(target, file), "utf8")]));
}
