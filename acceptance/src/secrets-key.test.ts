import { copyFile, mkdtemp, readdir, readFile, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { afterAll, beforeAll, expect, test } from "vitest";
import { deliver } from "./harness/deliver.ts";
import { type FileHost, startFileHost } from "./harness/file-host.ts";
import { call } from "./harness/media-api.ts";
import { sluiceInHost } from "./harness/program-in-host.ts";
import { type RunningServer, startServer } from "./harness/server.ts";

// docs/keys.md: the key for the secrets of origins, which a server on SQLite keeps in a file.

/** The drill starts three servers, one after another. */
const drillMs = 180_000;

let host: FileHost;
beforeAll(async () => {
  host = await startFileHost((_request, response) =>
    response.writeHead(404).end("<Error><Code>NoSuchKey</Code></Error>"),
  );
});
afterAll(() => host?.close());

const bucket = () => ({
  type: "S3_COMPATIBLE",
  name: "Bucket",
  bucket: "b",
  endpoint: host.url,
  s3ForcePathStyle: true,
  accessKey: "AKIA",
  secretKey: "geheim",
});

const addOrigin = (server: RunningServer) => call(server.url, "POST", "/v1/accounts/origins", { body: bucket() });

/** The answers to requests for a file of the bucket. With workers, each request is another process's. */
async function answersOf(server: RunningServer): Promise<Set<string | undefined>> {
  const answers = await Promise.all([1, 2, 3, 4].map(() => deliver(`${server.url}/demo/bucket/a.txt`)));
  return new Set(answers.map(({ headers }) => headers["ik-error"]?.toString().split(" ")[0]));
}

async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}

/** The bytes of a file of a backup or an export, decompressed where they are compressed. */
async function contentOf(file: string): Promise<string> {
  const bytes = await readFile(file);
  return (bytes[0] === 0x1f && bytes[1] === 0x8b ? gunzipSync(bytes) : bytes).toString("latin1");
}

test.each([
  ["in one process", []],
  ["with workers", ["--workers", "2"]],
])(
  "%s, a server on SQLite makes the key once, and a restore elsewhere waits for it",
  { timeout: drillMs },
  async (_how, workers) => {
    const folder = await mkdtemp(join(tmpdir(), "sluice-secrets-key-"));
    const [data, restored, place] = ["data", "restored", "backup"].map((name) => join(folder, name)) as [
      string,
      string,
      string,
    ];
    let server: RunningServer | undefined;
    const start = async (dataDir: string): Promise<RunningServer> => {
      server = await startServer({ dataDir, flags: [...workers, "--allow-private-networks"] });
      return server;
    };
    const stop = async (): Promise<void> => {
      expect(await server?.stop()).toBe(0);
      server = undefined;
    };
    const keyFile = (dataDir: string) => join(dataDir, "secrets-key.txt");
    try {
      const first = await start(data);
      await expect.poll(first.output).toContain(`  secrets key    in ${keyFile(data)} (`);
      expect((await stat(keyFile(data))).mode & 0o777).toBe(0o600);
      const { status, body } = await addOrigin(first);
      expect(status, JSON.stringify(body)).toBe(201);
      const endpoint = { description: "Bucket", urlPrefix: "bucket", origins: [body.id] };
      expect((await call(first.url, "POST", "/v1/accounts/url-endpoints", { body: endpoint })).status).toBe(201);
      expect(await answersOf(first)).toEqual(new Set(["ENOENT"]));
      const key = (await readFile(keyFile(data), "utf8")).trim();
      expect(first.output()).not.toContain(key);

      const taken = [
        await sluiceInHost(["backup", "--to", place, "--data-dir", data]),
        await sluiceInHost(["account", "export", "demo", "--to", join(folder, "export"), "--data-dir", data]),
        await sluiceInHost(["restore", "--from", place, "--data-dir", restored]),
      ];
      for (const { code, stderr } of taken) expect(code, stderr).toBe(0);
      for (const file of [...(await filesBelow(place)), ...(await filesBelow(join(folder, "export")))]) {
        const content = await contentOf(file);
        expect(content.includes(key) || content.includes(Buffer.from(key, "hex").toString("latin1")), file).toBe(false);
      }
      await stop();
      expect(await readFile(keyFile(data), "utf8")).toBe(`${key}\n`);

      const without = await start(restored);
      const missing = new RegExp(`  secrets key    not in ${keyFile(restored)}: .* need the key [0-9a-f]{16} `);
      await expect.poll(without.output).toMatch(missing);
      expect(await answersOf(without)).toEqual(new Set(["UNIDENTIFIED"]));
      for (let count = 0; count < 4; count++) {
        expect(await addOrigin(without)).toMatchObject({ status: 400, body: { reason: "SECRETS_KEY_MISSING" } });
      }
      await stop();
      expect(await readdir(restored)).not.toContain("secrets-key.txt");

      await copyFile(keyFile(data), keyFile(restored));
      const again = await start(restored);
      await expect.poll(again.output).toContain(`  secrets key    in ${keyFile(restored)} (`);
      expect(await answersOf(again)).toEqual(new Set(["ENOENT"]));
      for (let count = 0; count < 4; count++) expect((await addOrigin(again)).status).toBe(201);
    } finally {
      await server?.stop();
      await rm(folder, { recursive: true });
    }
  },
);
