import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type RunningServer, startServer } from "./harness/server.ts";
import { environment, node, openSnippets, type Snippets } from "./harness/snippets.ts";

let server: RunningServer;
let readme: Snippets;

beforeAll(async () => {
  server = await startServer();
  readme = await openSnippets("README.md", server.url);
  await readme.write("photo.jpg", "not really a photo");
});
afterAll(async () => {
  await server?.stop();
  await readme?.remove();
});

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, "127.0.0.1");
  await once(probe, "listening");
  const { port } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, "close");
  return port;
}

test("the first upload with curl is stored, listed and deleted", async () => {
  const stored = JSON.parse(await readme.shell(readme.block(`curl ${server.url}/api/v2`)));
  expect(stored.filePath).toMatch(/^\/holidays\/photo_.+\.jpg$/);
  const lines = readme.block('curl -u "$PRIVATE_KEY:"').trim().split("\n");
  expect(JSON.parse(await readme.shell(lines[0] ?? ""))).toMatchObject([
    { fileId: stored.fileId, tags: ["sea", "sun"] },
  ]);
  await readme.shell(`${lines[1]?.split("#")[0]} --fail`, { FILE_ID: stored.fileId });
  expect(JSON.parse(await readme.shell(lines[0] ?? ""))).toEqual([]);
});

test("the backend's and the page's snippets upload into the user's own folder", async () => {
  const port = await freePort();
  await readme.write("backend.mjs", readme.block("// backend.mjs").replace("4000", String(port)));
  const page = readme.block("// page.mjs").replace("localhost:4000", `127.0.0.1:${port}`);
  const use = `console.log(JSON.stringify(await upload(new File(["hello"], "hello.txt"))));`;
  await readme.write("page.mjs", `${page}\n${use}`);
  const [command, ...flags] = node;
  const backend: ChildProcess = spawn(command, [...flags, "backend.mjs"], { cwd: readme.folder, env: environment });
  try {
    await waitForPort(port);
    expect(JSON.parse(await readme.node("page.mjs"))).toMatchObject({
      filePath: expect.stringMatching(/^\/users\/ada\/hello_.+\.txt$/),
    });
  } finally {
    const exited = once(backend, "exit");
    backend.kill();
    await exited;
  }
});

async function waitForPort(port: number): Promise<void> {
  for (const end = Date.now() + 10_000; ; ) {
    const answered = await fetch(`http://127.0.0.1:${port}/`).then(
      () => true,
      () => false,
    );
    if (answered) return;
    if (Date.now() > end) throw new Error(`nothing listens on port ${port}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

test.each([
  ["sdk.mjs", /hello_.+\.txt/],
  ["in-process.mjs", /^http:\/\/127\.0\.0\.1:\d+ public_/],
])("the snippet %s runs", async (file, output) => {
  await readme.write(file);
  expect(await readme.node(file)).toMatch(output);
});
