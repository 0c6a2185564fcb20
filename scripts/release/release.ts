import { execFile } from "node:child_process";
import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { releasedChangelog } from "./changelog.ts";
import { packAll } from "./pack.ts";
import { readManifest } from "./packages.ts";
import { isAfter, setVersion } from "./versions.ts";

const run = promisify(execFile);

export interface ReleaseOptions {
  readonly repository: string;
  readonly version: string;
  /** The day of the release, such as 2026-11-29. */
  readonly date: string;
  /** Makes the files that are packed. */
  readonly build: () => Promise<void>;
  /** Lists the materials of the server's package as CycloneDX. */
  readonly listMaterials: () => Promise<string>;
  /** Makes the databases of the recorded version that later ones are tested with (`scripts/upgrade/keep.ts`). */
  readonly keepDatabases: (version: string) => Promise<void>;
  readonly tell: (line: string) => void;
}

const changelog = "CHANGELOG.md";
const recorded = "scripts/upgrade/released.json";

/**
 * Makes a release: versions, changelog, tarballs, SBOM, one commit with its tag, and one commit that records it with
 * its databases for the upgrade tests. Publishing is tried without doing it. Nothing leaves this machine.
 * @throws Error that says what to mend; the branch, the tags and the working tree are as they were then
 */
export async function release(options: ReleaseOptions): Promise<void> {
  const { repository, version, date, tell } = options;
  const git = async (...args: string[]): Promise<string> => (await run("git", args, { cwd: repository })).stdout.trim();

  if ((await git("status", "--porcelain")) !== "") throw new Error("the working tree has changes: commit them first");
  const tag = `v${version}`;
  if ((await git("tag", "--list", tag)) !== "") throw new Error(`the tag ${tag} is there already`);
  const { version: before } = readManifest(repository);
  const isFirst = version === before;
  if (!isFirst && !isAfter(version, before)) throw new Error(`${version} does not come after ${before}`);
  const text = releasedChangelog(await readFile(join(repository, changelog), "utf8"), version, date);

  const start = await git("rev-parse", "HEAD");
  let isTagged = false;
  const folder = join(repository, "release", version);
  await rm(folder, { recursive: true, force: true });
  try {
    await writeFile(join(repository, changelog), text);
    await setVersion(repository, version);
    await options.build();
    const tarballs = await packAll(folder, repository);
    const materials = join(folder, `sluice-${version}.cdx.json`);
    await writeFile(materials, await options.listMaterials());
    for (const { file } of tarballs) {
      await run("npm", ["publish", "--dry-run", "--offline", "--access", "public", file], { cwd: folder });
    }
    await git("commit", "--quiet", "--all", "--message", `Release ${version}`);
    await git("tag", "--annotate", tag, "--message", `Sluice ${version}`);
    isTagged = true;
    await record(repository, version, await git("rev-parse", "HEAD"));
    await options.keepDatabases(version);
    await git("add", "--all");
    await git("commit", "--quiet", "--message", `Record ${version} for the upgrade tests`);
    tell(`${tag} is committed and tagged. To publish, in this order:`);
    tell(`  git push --follow-tags`);
    for (const { file } of tarballs) tell(`  npm publish --access public --provenance ${file}`);
    tell(
      `Attach ${materials} and the tarballs to the release. --provenance works only in a CI job that may sign in by OIDC.`,
    );
  } catch (error) {
    if (isTagged) await git("tag", "--delete", tag);
    // Files that are new go with the reset only when they are added.
    await git("add", "--all");
    await git("reset", "--quiet", "--hard", start);
    throw error;
  }
}

async function record(repository: string, version: string, commit: string): Promise<void> {
  const file = join(repository, recorded);
  const released = { ...JSON.parse(await readFile(file, "utf8")), [version]: commit };
  await writeFile(file, `${JSON.stringify(released, undefined, 2)}\n`);
}
