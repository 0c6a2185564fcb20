import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { dropEngines } from "../harness/engines.ts";
import { type FileHost, startFileHost } from "../harness/file-host.ts";
import { call } from "../harness/media-api.ts";
import { jpeg, png } from "../harness/samples.ts";
import { type ServerProcess, startServerProcess } from "../harness/server.ts";
import { uploadBasic } from "../harness/upload.ts";

const rounds = 6;
const uploadsPerRound = 5;
const secret = "whsec_0123456789abcdefghijkl";

let host: FileHost | undefined;
let server: ServerProcess | undefined;
afterAll(async () => {
  await server?.stop();
  await host?.close();
});

test("kill -9 before, during and after extensions: each ends once, and whoever asked is told at least once", async () => {
  const made = await jpeg(5, 5);
  const told = new Map<string, string[]>();
  let asked = 0;
  let hanging = false;
  host = await startFileHost(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const body = JSON.parse(Buffer.concat(chunks).toString());
    if (request.url !== "/hook") {
      asked += 1;
      if (hanging) return;
      setTimeout(() => response.writeHead(200, { "content-type": "image/jpeg" }).end(made), 150 * Math.random());
      return;
    }
    const id = body.fileObject?.fileId ?? body.fileId;
    told.set(id, [...(told.get(id) ?? []), body.status]);
    response.end();
  });
  const dataDir = await mkdtemp(join(tmpdir(), "sluice-extension-crash-"));
  const flags = ["--extension", `remove-bg=${host.url}/do`, "--extension-secret", secret, "--allow-private-networks"];
  const acknowledged: string[] = [];
  try {
    for (let round = 0; round < rounds; round++) {
      const running = await startServerProcess({ dataDir, flags });
      server = running;
      // In the first round an attempt is certain to be cut off.
      hanging = round === 0;
      const content = await png();
      const fields = { fileName: "a.png", extensions: '[{"name":"remove-bg"}]', webhookUrl: `${host.url}/hook` };
      for (let upload = 0; upload < uploadsPerRound; upload++) {
        const { status, body } = await uploadBasic(running.url, content, fields);
        expect([status, body.extensionStatus]).toEqual([200, { "remove-bg": "pending" }]);
        acknowledged.push(body.fileId);
      }
      if (hanging) await expect.poll(() => asked).toBeGreaterThan(0);
      else await new Promise((resolve) => setTimeout(resolve, 400 * Math.random()));
      await running.kill();
    }
    const last = await startServerProcess({ dataDir, flags });
    server = last;
    // A worker that died holds its job until the lease ends.
    await expect
      .poll(() => acknowledged.filter((id) => !told.has(id)), { timeout: 180_000, interval: 1000 })
      .toEqual([]);
    for (const id of acknowledged) {
      const versions = (await call(last.url, "GET", `/v1/files/${id}/versions`)).body;
      expect(versions.map(({ size }: { size: number }) => size)).toEqual([made.length, (await png()).length]);
      expect(new Set(told.get(id))).toEqual(new Set(["SUCCESS"]));
    }
    expect(asked).toBeGreaterThan(acknowledged.length);
  } finally {
    await server?.stop();
    server = undefined;
    await dropEngines(dataDir);
    await rm(dataDir, { recursive: true, force: true });
  }
}, 300_000);
