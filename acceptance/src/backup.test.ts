import { rm, stat, symlink } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { isOnPath } from "../../scripts/requirements.ts";
import { signInToConsole } from "./harness/console.ts";
import { blobFiles } from "./harness/data-dir.ts";
import { expectStored } from "./harness/expectations.ts";
import { sluiceCommand } from "./harness/launch.ts";
import { fetchOriginal, listFiles } from "./harness/library.ts";
import { call } from "./harness/media-api.ts";
import { describeWhere } from "./harness/needs.ts";
import { type RunningServer, startServer } from "./harness/server.ts";
import { openSnippets, type Snippets } from "./harness/snippets.ts";
import { basic, uploadBasic } from "./harness/upload.ts";

const missing = isOnPath("sqlite3") ? undefined : "sqlite3 is not installed";

describeWhere(missing, "docs/backup-and-restore.md", () => {
  let server: RunningServer;
  let docs: Snippets;
  beforeEach(async () => {
    server = await startServer();
    docs = await openSnippets("docs/backup-and-restore.md", server.url);
    await symlink(server.dataDir, join(docs.folder, "data"));
  });
  afterEach(async () => {
    await server?.stop();
    await docs?.remove();
  });

  async function store(text: string): Promise<string> {
    const answer = await uploadBasic(server.url, text, { fileName: `${text}.txt` });
    expectStored(answer);
    return answer.body.fileId;
  }

  async function askSession(url: string, headers: Readonly<Record<string, string>>): Promise<number> {
    const page = { origin: new URL(url).origin, "sec-fetch-site": "same-origin", "x-sluice-console": "1" };
    const asked = { authorization: null, headers: { ...page, ...headers } };
    return (await call(url, "GET", "/_sluice/console/session", asked)).status;
  }

  test("backs up a running server that goes on storing and deleting, and restores it", async () => {
    const session = await signInToConsole(server.url);
    expect(session.status).toBe(201);
    const early = await store("early");
    const [earlyBlob = ""] = await blobFiles(server.dataDir);
    const script = docs.block("# backup.sh");
    // The steps run in shells of their own, so each is told of it.
    const umask = /^umask 077/m.exec(script)?.[0];
    const steps = script.split(/(?<=backup\/ .*\n|mv .*\n)/);
    expect(steps).toHaveLength(3);
    await docs.shell(steps[0] ?? "");
    const between = await store("between");
    await docs.shell(`${umask}\n${steps[1]}`);
    expect((await stat(join(docs.folder, "backup/sluice.sqlite"))).mode & 0o777).toBe(0o600);
    // What the file's deletion and a sweep do, once the grace period is over.
    await fetch(`${server.url}/v1/files/${early}`, { method: "DELETE", headers: { authorization: basic } });
    await rm(earlyBlob);
    await store("late");
    await docs.shell(`${umask}\n${steps[2]}`);

    const command = `sluice() { "${process.execPath}" ${sluiceCommand.join(" ")} "$@"; }\n`;
    expect(await docs.shell(command + docs.block("# restore.sh"))).toContain("clean");
    const restored = await startServer({ dataDir: join(docs.folder, "restored") });
    try {
      const files = await listFiles(restored.url);
      expect(files.map(({ fileId }) => fileId).toSorted()).toEqual([early, between].toSorted());
      const contents = await Promise.all(files.map(({ url }) => fetchOriginal(restored.url, url)));
      expect(contents.map(String).toSorted()).toEqual(["between", "early"]);
      // Nobody is signed in to the restored server by a session that may have ended since.
      const headers = { cookie: session.headers.cookie ?? "" };
      const sessions = await call(restored.url, "GET", "/_sluice/console/sessions");
      expect([sessions.status, sessions.body]).toEqual([200, []]);
      expect(await askSession(server.url, headers)).toBe(200);
      expect(await askSession(restored.url, headers)).toBe(401);
    } finally {
      await restored.stop();
    }
  });
});
