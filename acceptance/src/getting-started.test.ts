import { afterAll, beforeAll, expect, test } from "vitest";
import { type RunningServer, startServer } from "./harness/server.ts";
import { openSnippets, type Snippets } from "./harness/snippets.ts";

let server: RunningServer;
let start: Snippets;

beforeAll(async () => {
  server = await startServer();
  start = await openSnippets("docs/getting-started.md", server.url);
  await start.write("photo.jpg", "not really a photo");
});
afterAll(async () => {
  await server?.stop();
  await start?.remove();
});

test("the first upload with curl is stored, listed and deleted", async () => {
  const stored = JSON.parse(await start.shell(start.block(`curl ${server.url}/api/v2`)));
  expect(stored.filePath).toMatch(/^\/holidays\/photo_.+\.jpg$/);
  const lines = start.block('curl -u "$PRIVATE_KEY:"').trim().split("\n");
  expect(JSON.parse(await start.shell(lines[0] ?? ""))).toMatchObject([
    { fileId: stored.fileId, tags: ["sea", "sun"] },
  ]);
  const keepId = start.block("FILE_ID=");
  expect(await start.shell(`${keepId}\nprintf %s "$FILE_ID"`)).toBe(stored.fileId);
  await start.shell(`${keepId}\n${lines[1]?.split("#")[0]} --fail`);
  expect(JSON.parse(await start.shell(lines[0] ?? ""))).toEqual([]);
});

test("docs/custom-metadata.md makes a field and uploads a value of it", async () => {
  const docs = await openSnippets("docs/custom-metadata.md", server.url);
  try {
    await docs.write("shoe.jpg", "not really a shoe");
    const answers = await docs.shell(docs.block("curl -u"));
    expect(answers).toContain('"schema":{"type":"Number","minValue":0}');
    expect(answers).toContain('"customMetadata":{"price":59.9}');
  } finally {
    await docs.remove();
  }
});

test("docs/managing-files.md lists, reads, changes, renames and deletes a file", async () => {
  const docs = await openSnippets("docs/managing-files.md", server.url);
  try {
    await docs.write("b.txt", "not a picture");
    const form = "-F fileName=beach.txt -F useUniqueFileName=false -F folder=/holidays -F file=@b.txt";
    const upload = `curl --fail ${server.url}/api/v2/files/upload -u "$PRIVATE_KEY:" ${form}`;
    const { fileId } = JSON.parse(await docs.shell(upload));
    const commands = docs.block("curl -u").split(/\n(?=curl)/);
    const answers = [];
    for (const command of commands) answers.push(await docs.shell(`${command.trim()} --fail`, { FILE_ID: fileId }));
    const [listed = "", read = "", changed = "", renamed = "", deleted] = answers;
    expect(JSON.parse(listed)).toMatchObject([{ fileId }]);
    expect(JSON.parse(read)).toMatchObject({ fileId, tags: null });
    expect(JSON.parse(changed)).toMatchObject({ fileId, tags: ["sea", "blue"], description: "The beach in May" });
    expect(JSON.parse(renamed)).toEqual({});
    expect(deleted).toBe("");
  } finally {
    await docs.remove();
  }
});

test.each([
  ["docs/getting-started.md", "sdk.mjs", /hello_.+\.txt/],
  ["docs/embedding.md", "in-process.mjs", /^http:\/\/127\.0\.0\.1:\d+ public_/],
])("the snippet of %s, %s, runs", async (page, file, output) => {
  const docs = await openSnippets(page, server.url);
  try {
    await docs.write(file);
    expect(await docs.node(file)).toMatch(output);
  } finally {
    await docs.remove();
  }
});
