import { chmod, readdir, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { type CommandResult, sluice } from "./harness/command.ts";
import { withTemporaryFolder } from "./harness/data-dir.ts";
import { expectRefusal, expectStored } from "./harness/expectations.ts";
import { type LaunchedServer, launch, sluiceCommand } from "./harness/launch.ts";
import { basicFor } from "./harness/private-key.ts";
import { type ServerProcess, startServerProcess } from "./harness/server.ts";
import { uploadBasic } from "./harness/upload.ts";

type Environment = Readonly<Record<string, string>>;

/** Runs the server with an unusable configuration in a new folder, and lists what it left there. */
async function serveBadly(args: readonly string[], environment: Environment = {}) {
  return withTemporaryFolder(async (folder) => {
    const result = await sluice(["serve", "--port", "0", ...args], { cwd: folder, environment });
    return { ...result, created: await readdir(folder) };
  });
}

/** Expects one line that names the setting, exit code 2, and nothing created (docs/architecture.md §4). */
function expectOneLine(
  { code, stdout, stderr, created }: CommandResult & { created: string[] },
  setting: string,
): void {
  expect({ code, stdout, created }, stderr).toEqual({ code: 2, stdout: "", created: [] });
  expect(stderr).toMatch(/^sluice: [^\n]+\n$/);
  expect(stderr).toContain(setting);
}

describe("a configuration that can't be used is one line that names the setting, exit code 2, and nothing created", () => {
  const flags: [setting: string, args: readonly string[]][] = [
    ["--port", ["--port", "abc"]],
    ["--port", ["--port"]],
    ["--host", ["--host", "example.com"]],
    ["--plan", ["--plan", "gold"]],
    ["--public-url", ["--public-url", "https://example.com/path"]],
    ["--max-file-size", ["--max-file-size", "25MB"]],
    ["--log-level", ["--log-level", "loud"]],
    ["--workers", ["--workers", "0"]],
    ["--data-dir", ["--data-dir", ""]],
    ["--imagekit-id", ["--imagekit-id", "a/b"]],
    ["--imagekit-id", ["--imagekit-id", "v1"]],
    ["--imagekit-id", ["--imagekit-id", "openapi.json"]],
    ["--private-key", ["--public-key", "public_test"]],
    ["--public-key", ["--private-key", "private_test"]],
    ["--private-key", ["--public-key", "public_test", "--private-key", "private:test"]],
    ["--storage-url", ["--storage-url", "https://bucket.example.com"]],
    ["--storage-url", ["--storage-url", "s3://bucket?redirect=perhaps"]],
    ["--webhook-url", ["--webhook-url", "https://me:secret@example.com/hook"]],
    ["--webhook-secret", ["--webhook-url", "https://example.com/hook", "--webhook-secret", "whsec_short"]],
    ["--limit", ["--limit", "no-such-limit=1"]],
    ["--colour", ["--colour", "blue"]],
  ];
  test.concurrent.each(flags)("%s: %j", async (setting, args) => {
    expectOneLine(await serveBadly(args), setting);
  });

  const variables: [setting: string, environment: Environment][] = [
    ["SLUICE_PLAN", { SLUICE_PLAN: "gold" }],
    ["SLUICE_IMAGEKIT_ID", { SLUICE_IMAGEKIT_ID: "_sluice" }],
    ["SLUICE_WORKERS", { SLUICE_WORKERS: "many" }],
    ["SLUICE_WEBHOOK_URL", { SLUICE_WEBHOOK_URL: "ftp://example.com/hook" }],
    ["--webhook-url", { SLUICE_WEBHOOK_SECRET: "whsec_long-enough-for-a-secret" }],
    ["SLUICE_STORAGE_URL", { SLUICE_STORAGE_URL: "s3://bucket/prefix?colour=blue" }],
    ["--private-key", { SLUICE_PUBLIC_KEY: "public_test" }],
    ["SLUICE_DEMO", { SLUICE_DEMO: "perhaps" }],
  ];
  test.concurrent.each(variables)("%s from the environment: %j", async (setting, environment) => {
    expectOneLine(await serveBadly([], environment), setting);
  });

  test.concurrent("an unknown command", async () => {
    const { code, stderr } = await sluice(["server"]);
    expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringMatching(/^sluice: [^\n]*server[^\n]*\n$/) });
  });
});

describe("what can only be found out by trying is one line as well", () => {
  let server: ServerProcess | undefined;
  afterAll(() => server?.stop());

  test.each(["1", "2"])("a port that is taken, with %s workers; nothing is made then", async (workers) => {
    server ??= await startServerProcess();
    const { port } = new URL(server.url);
    const result = await serveBadly(["--port", port, "--workers", workers]);
    expectOneLine(result, "--port");
    expect(result.stderr).toContain(port);
  });

  test("an address that is none of this machine", async () => {
    expectOneLine(await serveBadly(["--host", "192.0.2.1"]), "--host");
  });

  test("a data folder that is a file", async () => {
    await withTemporaryFolder(async (folder) => {
      const file = join(folder, "file");
      await writeFile(file, "");
      const { code, stdout, stderr } = await serveBadly(["--data-dir", file]);
      expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
      expect(stderr).toMatch(/^sluice: [^\n]*--data-dir[^\n]*\n$/);
    });
  });
});

/** Runs `sluice serve` in the folder, without a configured key. */
async function withServerIn<Result>(
  folder: string,
  args: readonly string[],
  environment: Environment,
  use: (server: LaunchedServer) => Promise<Result>,
): Promise<Result> {
  const server = await launch(process.execPath, [...sluiceCommand, "serve", ...args], { cwd: folder, environment });
  try {
    return await use(server);
  } finally {
    server.process.kill("SIGTERM");
    await server.exited;
  }
}

describe("the first start without keys", () => {
  test("makes a pair, whose private key is not printed where nobody reads a terminal, but in a file of mode 0600", async () => {
    await withTemporaryFolder(async (folder) => {
      const first = await withServerIn(folder, ["--port", "0", "--log-level", "trace"], {}, async (server) => {
        await expect.poll(server.output).toContain("demo page");
        const output = server.output();
        expect(output).not.toMatch(/\bprivate_/);
        expect(output).toMatch(/^ {2}public key\s+public_\S+$/m);
        const [, path = ""] = /^ {2}private key\s+in (\S+)$/m.exec(output) ?? [];
        expect((await stat(path)).mode & 0o777).toBe(0o600);
        expect((await stat(join(folder, "data"))).mode & 0o077).toBe(0);
        const authorization = basicFor((await readFile(path, "utf8")).trim());
        expectStored(await uploadBasic(server.url, "hello", { fileName: "a.txt" }, { authorization }));
        return { authorization, path };
      });
      await withServerIn(folder, ["--port", "0"], {}, async (server) => {
        await expect.poll(server.output).toContain("demo page");
        expect(server.output()).toContain(`  private key    in ${first.path}\n`);
        const { authorization } = first;
        expectStored(await uploadBasic(server.url, "hello", { fileName: "a.txt" }, { authorization }));
        const guess = basicFor("private_test");
        const wrong = await uploadBasic(server.url, "hello", { fileName: "a.txt" }, { authorization: guess });
        expectRefusal(wrong, 403, "ACCOUNT_NOT_AUTHENTICATED");
      });
    });
  });
});

describe("other users of the machine are kept out of the data folder", () => {
  const permissive = ["sh", "-c", 'umask 000; exec "$@"', "sh"];
  const modeOf = async (path: string) => ((await stat(path)).mode & 0o777).toString(8);

  test("whatever the umask, and whoever has made the folder and the database", async () => {
    await withTemporaryFolder(async (folder) => {
      const dataDir = join(folder, "data");
      const database = join(dataDir, "sluice.sqlite");
      const first = await startServerProcess({ dataDir, through: permissive });
      expectStored(await uploadBasic(first.url, "hello", { fileName: "a.txt" }));
      const files = (await readdir(dataDir)).filter((name) => name.startsWith("sluice.sqlite"));
      expect(files).toHaveLength(3);
      for (const name of files) expect(await modeOf(join(dataDir, name)), name).toBe("600");
      expect(await modeOf(dataDir)).toBe("700");
      await first.stop();

      // The modes that an earlier version, or a copy, leaves behind.
      const open = async () => {
        await chmod(dataDir, 0o755);
        await chmod(database, 0o644);
      };
      await open();
      const second = await startServerProcess({ dataDir, through: permissive });
      expect([await modeOf(dataDir), await modeOf(database)]).toEqual(["700", "600"]);
      expect(second.output()).not.toContain("other users");
      await second.stop();

      await open();
      await writeFile(join(dataDir, "notes.txt"), "");
      expect(await sluice(["account", "list", "--data-dir", dataDir])).toMatchObject({ code: 0, stderr: "" });
      expect([await modeOf(dataDir), await modeOf(database)]).toEqual(["755", "600"]);
      const third = await startServerProcess({ dataDir });
      await expect.poll(third.output).toMatch(/other users can get into the data folder .*notes\.txt/);
      expect(await modeOf(dataDir)).toBe("755");
      await third.stop();
    });
  });
});

describe("where settings come from", () => {
  test("a .env file is read, a variable wins over it, and a flag over both", async () => {
    await withTemporaryFolder(async (folder) => {
      const lines = ["SLUICE_PORT=0", "SLUICE_IMAGEKIT_ID=from-file", "SLUICE_DATA_DIR=elsewhere"];
      await writeFile(join(folder, ".env"), `${lines.join("\n")}\n`);
      const account = (args: readonly string[], environment: Environment) =>
        withServerIn(folder, args, environment, async (server) => {
          await expect.poll(server.output).toContain("demo page");
          return /^ {2}account\s+(\S+)/m.exec(server.output())?.[1];
        });
      expect(await account([], {})).toBe("from-file");
      expect(await account([], { SLUICE_IMAGEKIT_ID: "from-variable" })).toBe("from-variable");
      const both = { SLUICE_IMAGEKIT_ID: "from-variable" };
      expect(await account(["--imagekit-id", "from-flag"], both)).toBe("from-flag");
      expect((await readdir(folder)).sort()).toEqual([".env", "elsewhere"]);
    });
  });

  test.each([
    ["short for its purpose, with a warning that names the setting", 23, /^warning: --private-key is shorter [^\n]*$/m],
    ["long enough, without a word", 24, /demo page(?!.*warning)/s],
  ])("a private key is taken when it is %s", async (_, random, output) => {
    const privateKey = `private_${"k".repeat(random)}`;
    await withTemporaryFolder(async (folder) => {
      const flags = ["--port", "0", "--public-key", "public_test", "--private-key", privateKey];
      await withServerIn(folder, flags, {}, async (server) => {
        const authorization = basicFor(privateKey);
        expectStored(await uploadBasic(server.url, "hello", { fileName: "a.txt" }, { authorization }));
        await expect.poll(server.output).toMatch(output);
      });
    });
  });

  test("a warning names the variable that the value came from", async () => {
    await withTemporaryFolder(async (folder) => {
      const environment = { SLUICE_PUBLIC_KEY: "public_test", SLUICE_PRIVATE_KEY: `private_${"k".repeat(23)}` };
      await withServerIn(folder, ["--port", "0"], environment, async (server) => {
        await expect.poll(server.output).toMatch(/^warning: SLUICE_PRIVATE_KEY is shorter /m);
      });
    });
  });

  test("listening beyond loopback warns of no public URL, has no demo page, and says what is open", async () => {
    await withTemporaryFolder(async (folder) => {
      await withServerIn(folder, ["--port", "0", "--host", "0.0.0.0"], {}, async (server) => {
        await expect.poll(server.output).toMatch(/^warning: .*--public-url/m);
        await expect.poll(server.output).toMatch(/^open to everybody: metrics/m);
        expect(server.output().match(/^open to everybody: \w+/gm)).toEqual(["open to everybody: metrics"]);
        const { port } = new URL(server.url);
        expect((await fetch(`http://127.0.0.1:${port}/_sluice/demo`)).status).toBe(404);
      });
    });
  });
});
