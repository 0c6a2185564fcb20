import { afterAll, beforeAll, expect, test } from "vitest";
import { deliver } from "./harness/deliver.ts";
import { keys, type RunningServer, startServer } from "./harness/server.ts";
import { openSnippets, type Snippets } from "./harness/snippets.ts";

let server: RunningServer;
let snippets: Snippets;
beforeAll(async () => {
  server = await startServer();
  snippets = await openSnippets("docs/coming-from-imagekit.md", server.url);
});
afterAll(async () => {
  await server?.stop();
  await snippets?.remove();
});

/**
 * Runs the snippet and exits at once. The Node SDK v6 would keep its connection, and so the process, for as long as the
 * server allows.
 */
async function printed(file: string) {
  await snippets.write(file, `${snippets.block(`// ${file}\n`)}process.exit();`);
  return JSON.parse(await snippets.node(file));
}

test("the Node 7 snippet uploads, finds the file and signs a URL that opens it", async () => {
  const { stored, details, listed, signed } = await printed("node-v7.mjs");
  expect(stored).toMatchObject({ filePath: expect.stringMatching(/^\/notes\/hello_\S+\.txt$/), size: 5 });
  expect(details).toMatchObject({ fileId: stored.fileId, tags: ["a", "b"] });
  expect(listed).toContainEqual(expect.objectContaining({ fileId: stored.fileId }));
  expect(signed).toContain("ik-s=");
  expect((await deliver(signed)).bytes.toString()).toBe("hello");
});

test("the Node 7 snippet with a token uploads by the token alone", async () => {
  expect(await printed("node-v7-token.mjs")).toMatchObject({ size: 5 });
});

test("the Node 6 snippet uploads, and signs a URL that opens the file", async () => {
  const { stored, signed } = await printed("node-v6.mjs");
  expect(stored).toMatchObject({ size: 5 });
  expect(signed).toContain("ik-s=");
  expect((await deliver(signed)).bytes.toString()).toBe("hello");
});

test("the guide's backend makes tokens that are taken", async () => {
  await snippets.write("guide-backend.mjs");
  await snippets.write(
    "use.mjs",
    `import { uploadToken } from "./guide-backend.mjs";
     const uploadPayload = { fileName: "a.txt", folder: "/guide" };
     const { token } = uploadToken({ uploadPayload, expire: 60, publicKey: ${JSON.stringify(keys.publicKey)} });
     const form = new FormData();
     for (const [name, value] of Object.entries({ token, ...uploadPayload })) form.append(name, value);
     form.append("file", new Blob(["hello"]));
     const response = await fetch("${server.url}/api/v2/files/upload", { method: "POST", body: form });
     console.log(await response.text());`,
  );
  expect(JSON.parse(await snippets.node("use.mjs"))).toMatchObject({ filePath: expect.stringMatching(/^\/guide\/a_/) });
});
