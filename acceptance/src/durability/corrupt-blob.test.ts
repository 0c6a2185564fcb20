import { appendFile, readdir, readFile, rm, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { type Acknowledged, acknowledged, expectKept } from "../harness/acknowledged.ts";
import { withTemporaryFolder } from "../harness/data-dir.ts";
import { deliver, original } from "../harness/deliver.ts";
import { expectClean, fsck } from "../harness/fsck.ts";
import { type RunningServer, startServer } from "../harness/server.ts";
import { type Answer, uploadBasic } from "../harness/upload.ts";

let server: RunningServer;
let kept: Acknowledged[];
let answer: Answer;
let content: Buffer;
let uploads = 0;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server?.stop());
beforeEach(async () => {
  content = Buffer.from(`content ${++uploads} `.repeat(5000));
  answer = await uploadBasic(server.url, content, { fileName: "file.txt" });
  kept = [acknowledged(answer, content)];
});

/** The stored object that holds the content. */
async function objectOf(content: Buffer): Promise<string> {
  const folder = join(server.dataDir, "blobs");
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    if (entry.isFile() && (await readFile(path)).equals(content)) return path;
  }
  throw new Error("no object holds the content");
}

const damages: [what: string, damage: (path: string) => Promise<void>, problem: RegExp][] = [
  ["missing", (path) => rm(path), /has no object in the store/],
  ["cut short", (path) => truncate(path, 1000), /has 1000 bytes in the store instead of \d+/],
  ["empty", (path) => truncate(path, 0), /has 0 bytes in the store instead of \d+/],
  ["longer than it was", (path) => appendFile(path, "more"), /has \d+ bytes in the store instead of \d+/],
];

test.each(damages)("an object that is %s is never delivered as if it were whole", async (_, damage) => {
  await damage(await objectOf(content));
  const url = original(answer.body.url);
  for (const [method, headers] of [
    ["GET", {}],
    ["HEAD", {}],
    ["GET", { range: "bytes=0-9" }],
  ] as const) {
    const delivered = await deliver(url, { method, headers });
    expect(delivered.status, method).toBe(500);
    expect(content.includes(delivered.bytes) && delivered.bytes.length > 0, method).toBe(false);
    expect(delivered.headers["cache-control"]).toMatch(/no-store/);
  }
  await uploadBasic(server.url, content, { fileName: "healed.txt" });
});

test.each(damages)(
  "fsck names an object that is %s, and the next upload of its content heals it",
  async (_, damage, problem) => {
    await damage(await objectOf(content));
    const found = await fsck(server.dataDir);
    expect(found.isClean).toBe(false);
    expect(found.report).toMatch(problem);
    const again = await uploadBasic(server.url, content, { fileName: "again.txt" });
    await expectKept(server.url, [...kept, acknowledged(again, content)]);
    await expectClean(server.dataDir);
  },
);

test("fsck --deep finds other bytes of the same length; without the object, an upload heals it", async () => {
  const path = await objectOf(content);
  await writeFile(path, content.toString().replace("content", "CONTENT"));
  const found = await fsck(server.dataDir);
  expect(found.isClean).toBe(false);
  expect(found.report).toMatch(/has other content than it was stored with/);
  await rm(path);
  const again = await uploadBasic(server.url, content, { fileName: "again.txt" });
  await expectKept(server.url, [...kept, acknowledged(again, content)]);
  await expectClean(server.dataDir);
});

test("a database that is none is refused at the start in one line and left as it is", async () => {
  await withTemporaryFolder(async (dataDir) => {
    const path = join(dataDir, "sluice.sqlite");
    await writeFile(path, "this is no database, ".repeat(1000));
    await expect(startServer({ dataDir })).rejects.toThrow(/ready:\nsluice: Can't open the database at \S+: .*\n$/);
    expect(await readFile(path, "utf8")).toMatch(/^this is no database/);
  });
});
