import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { keys, type RunningServer, startServer } from "./harness/server.ts";

const run = promisify(execFile);
const root = fileURLToPath(new URL("../../", import.meta.url));
const node = [process.execPath, "--conditions=sluice-source"] as const;

let server: RunningServer;
let folder: string;
let readme: string;

beforeAll(async () => {
  server = await startServer();
  folder = await mkdtemp(join(tmpdir(), "sluice-readme-"));
  await symlink(join(root, "node_modules"), join(folder, "node_modules"));
  await writeFile(join(folder, "photo.jpg"), "not really a photo");
  readme = (await readFile(join(root, "README.md"), "utf8")).replaceAll("http://127.0.0.1:3000", server.url);
});
afterAll(async () => {
  await server?.stop();
  await rm(folder, { recursive: true, force: true });
});

const environment = { ...process.env, PUBLIC_KEY: keys.publicKey, PRIVATE_KEY: keys.privateKey };

/** The fenced block that begins with the text. */
function block(start: string): string {
  const found = [...readme.matchAll(/```\w+\n([\s\S]*?)```/g)].map((match) => match[1] ?? "");
  const text = found.find((candidate) => candidate.startsWith(start));
  if (text === undefined) throw new Error(`the README has no block that begins with ${start}`);
  return text;
}

async function shell(script: string, variables: Record<string, string> = {}): Promise<string> {
  const { stdout } = await run("sh", ["-ec", script], { cwd: folder, env: { ...environment, ...variables } });
  return stdout;
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, "127.0.0.1");
  await once(probe, "listening");
  const { port } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, "close");
  return port;
}

test("the first upload with curl is stored, listed and deleted", async () => {
  const stored = JSON.parse(await shell(block(`curl ${server.url}/api/v2`)));
  expect(stored.filePath).toMatch(/^\/holidays\/photo_.+\.jpg$/);
  const lines = block('curl -u "$PRIVATE_KEY:"').trim().split("\n");
  expect(JSON.parse(await shell(lines[0] ?? ""))).toMatchObject([{ fileId: stored.fileId, tags: ["sea", "sun"] }]);
  await shell(`${lines[1]?.split("#")[0]} --fail`, { FILE_ID: stored.fileId });
  expect(JSON.parse(await shell(lines[0] ?? ""))).toEqual([]);
});

test("the backend's and the page's snippets upload into the user's own folder", async () => {
  const port = await freePort();
  await writeFile(join(folder, "backend.mjs"), block("// backend.mjs").replace("4000", String(port)));
  const page = block("// page.mjs").replace("localhost:4000", `127.0.0.1:${port}`);
  const use = `const PUBLIC_KEY = ${JSON.stringify(keys.publicKey)};
    console.log(JSON.stringify(await upload(new File(["hello"], "hello.txt"))));`;
  await writeFile(join(folder, "page.mjs"), `${page}\n${use}`);
  const [command, ...flags] = node;
  const backend: ChildProcess = spawn(command, [...flags, "backend.mjs"], { cwd: folder, env: environment });
  try {
    await waitForPort(port);
    const { stdout } = await run(command, [...flags, "page.mjs"], { cwd: folder, env: environment });
    expect(JSON.parse(stdout)).toMatchObject({ filePath: expect.stringMatching(/^\/users\/ada\/hello_.+\.txt$/) });
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

test.each(["// sdk.mjs", "// in-process.mjs"])("the snippet %s runs", async (start) => {
  const file = start.slice(3);
  await writeFile(join(folder, file), block(start));
  const [command, ...flags] = node;
  const { stdout } = await run(command, [...flags, file], { cwd: folder, env: environment });
  expect(stdout).toMatch(start === "// sdk.mjs" ? /hello_.+\.txt/ : /^http:\/\/127\.0\.0\.1:\d+ public_/);
});
