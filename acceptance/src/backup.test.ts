import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdir, readdir, rm, symlink } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { signInToConsole } from "./harness/console.ts";
import { blobFiles } from "./harness/data-dir.ts";
import {
  changeDatabase,
  dropEngines,
  engineSettings,
  onCluster,
  prepareEngines,
  storageUrl,
} from "./harness/engines.ts";
import { expectStored } from "./harness/expectations.ts";
import { sluiceCommand } from "./harness/launch.ts";
import { fetchOriginal, listFiles } from "./harness/library.ts";
import { call } from "./harness/media-api.ts";
import { sluiceInHost } from "./harness/program-in-host.ts";
import { type RunningServer, startServer } from "./harness/server.ts";
import { openSnippets, type Snippets } from "./harness/snippets.ts";
import { basic, mint, uploadBasic, uploadWithToken } from "./harness/upload.ts";

const fileBytes = 300_000;
/** The drill starts ten processes, one after another. */
const drillMs = 240_000;

describe("docs/backup-and-restore.md", () => {
  let server: RunningServer;
  let docs: Snippets;
  /** The place of the backups: a folder, or a bucket. */
  let place: string;
  let restored: string;
  beforeEach(async () => {
    server = await startServer();
    docs = await openSnippets("docs/backup-and-restore.md", server.url);
    await symlink(server.dataDir, join(docs.folder, "data"));
    place = onCluster ? storageUrl(join(docs.folder, "backup")) : join(docs.folder, "backup");
    restored = join(docs.folder, "restored");
    await prepareEngines(restored);
  });
  afterEach(async () => {
    await server?.stop();
    await dropEngines(restored);
    await docs?.remove();
  });

  /** Runs a block of the page on the engines of the data folder. */
  function shell(block: string, dataDir: string): Promise<string> {
    const script = docs.block(block).replaceAll(/(--to|--from) backup\b/g, `$1 '${place}'`);
    const command = `sluice() { "${process.execPath}" ${sluiceCommand.join(" ")} "$@"; }\n`;
    return docs.shell(command + script, engineSettings(dataDir));
  }

  /** The contents that a place of backups has. */
  async function contentsOfPlace(): Promise<number> {
    const { listObjects } = await import("../../scripts/services/bucket.ts");
    const names = onCluster ? await listObjects(place) : await readdir(place, { recursive: true }).catch(() => []);
    return names.filter((name) => /contents\/[0-9a-f]{2}\/[0-9a-f]{34}$/.test(name)).length;
  }

  /** The holds of a killed backup end within a minute, for which the next backup would wait. */
  async function removeHolds(): Promise<void> {
    if (!onCluster) return rm(join(place, "holds"), { recursive: true });
    const { deleteObjects } = await import("../../scripts/services/bucket.ts");
    await deleteObjects(place, (key) => key.includes("/holds/"));
  }

  /** Kills the command with SIGKILL once there are some contents. */
  async function killDuring(args: readonly string[], count: () => Promise<number>): Promise<void> {
    const dataDir = args.at(-1) ?? "";
    const env = { ...process.env, ...engineSettings(dataDir) };
    const child = spawn(process.execPath, [...sluiceCommand, ...args], { stdio: "inherit", env });
    const ended = once(child, "exit");
    while (child.exitCode === null && (await count()) < 5) await new Promise((resolve) => setTimeout(resolve, 5));
    child.kill("SIGKILL");
    expect(await ended).toEqual([null, "SIGKILL"]);
  }

  /** Uploads, replaces and deletes files until it is told to end. */
  function startLoad(): { stop(): Promise<void> } {
    let ended = false;
    const run = async (): Promise<void> => {
      for (let count = 0; !ended; count++) {
        const file = Buffer.alloc(1000, `load ${count}`);
        const answer = await uploadBasic(server.url, file, {
          fileName: `load-${count % 5}.txt`,
          useUniqueFileName: "false",
        });
        expectStored(answer);
        if (count % 3 > 0) continue;
        const headers = { authorization: basic };
        await fetch(`${server.url}/v1/files/${answer.body.fileId}`, { method: "DELETE", headers });
      }
    };
    const running = run();
    return {
      stop() {
        ended = true;
        return running;
      },
    };
  }

  async function askSession(url: string, headers: Readonly<Record<string, string>>): Promise<number> {
    const page = { origin: new URL(url).origin, "sec-fetch-site": "same-origin", "x-sluice-console": "1" };
    return (
      await call(url, "GET", "/_sluice/console/session", { authorization: null, headers: { ...page, ...headers } })
    ).status;
  }

  test("the drill: from a server that goes on, through kills, to a served library with every file", {
    timeout: drillMs,
  }, async () => {
    const contents = new Map<string, Buffer>();
    for (let index = 0; index < 40; index++) {
      const file = Buffer.alloc(fileBytes, `${index} `);
      expectStored(await uploadBasic(server.url, file, { fileName: `${index}.txt`, useUniqueFileName: "false" }));
      contents.set(`/${index}.txt`, file);
    }
    const session = await signInToConsole(server.url);
    const load = startLoad();
    await killDuring(["backup", "--to", place, "--data-dir", server.dataDir], contentsOfPlace);
    expect(await sluiceInHost(["restore", "--from", place, "--data-dir", restored])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("--from: there is no whole backup"),
    });
    await removeHolds();
    await changeDatabase(server.dataDir, "update content_holds set held_until = 0 where id = ?", "contents");
    const made = await shell("# backup.sh", server.dataDir);
    expect(made).toMatch(/complete: [0-9a-f]{34}/);
    expect(made).toContain("clean");
    await load.stop();

    const fields = { fileName: "once.txt", useUniqueFileName: "false" };
    const token = mint(fields);
    expectStored(await uploadWithToken(server.url, "once", fields, token));

    const restore = ["restore", "--from", place, "--data-dir", restored];
    await killDuring(restore, async () => (await blobFiles(restored).catch(() => [])).length);
    expect(existsSync(join(restored, "sluice.sqlite"))).toBe(false);
    expect(await shell("# restore.sh", restored)).toMatch(/^clean$/m);
    expect(await sluiceInHost(restore)).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/there is a library in|it holds accounts/),
    });

    const second = await startServer({ dataDir: restored });
    try {
      const files = await listFiles(second.url);
      expect(files.map(({ filePath }) => filePath)).toEqual(expect.arrayContaining([...contents.keys()]));
      for (const { filePath, url } of files) {
        const bytes = await fetchOriginal(second.url, url);
        const expected = contents.get(filePath);
        if (expected === undefined) expect(filePath).toMatch(/^\/load-/);
        else expect(bytes.equals(expected)).toBe(true);
      }
      const replayed = await uploadWithToken(second.url, "once", fields, token);
      expect(replayed).toMatchObject({ status: 400, body: { reason: "TOKEN_FROM_BEFORE_RESTORE" } });
      const cookie = { cookie: session.headers.cookie ?? "" };
      expect(await askSession(server.url, cookie)).toBe(200);
      expect(await askSession(second.url, cookie)).toBe(401);
      expectStored(await uploadBasic(second.url, "new", { fileName: "new.txt" }));
    } finally {
      await second.stop();
    }
  });

  test("a wrong place or option is one line that names it", async () => {
    const dataDir = ["--data-dir", server.dataDir];
    await mkdir(join(docs.folder, "full"));
    await symlink("x", join(docs.folder, "full/y"));
    const refusals: [args: string[], line: RegExp][] = [
      [["backup", ...dataDir], /--to <place>/],
      [["backup", "--to", join(docs.folder, "full"), ...dataDir], /--to must name an empty folder.* holds y/],
      [["backup", "--to", "s3://b?x=1", ...dataDir], /--to must name a bucket|--to has an unknown parameter/],
      [["backup", "--to", "x", "--keep", "0", ...dataDir], /--keep/],
      [["backup", "--to", "x", "--list", "--verify"], /--list and --verify/],
      [
        ["restore", "--from", join(docs.folder, "nowhere"), "--data-dir", join(docs.folder, "new")],
        /--from: there is no backup/,
      ],
    ];
    for (const [args, line] of refusals) {
      const { code, stderr } = await sluiceInHost(args);
      expect({ args, code }).toEqual({ args, code: 2 });
      expect(stderr.trimEnd()).toMatch(line);
      expect(stderr.trimEnd().split("\n")).toHaveLength(1);
    }
    expect(existsSync(join(docs.folder, "new"))).toBe(false);
  });
});
