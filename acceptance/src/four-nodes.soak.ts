import { afterAll, beforeAll, expect, test } from "vitest";
import { sharedImages } from "./harness/data-dir.ts";
import { deliver } from "./harness/deliver.ts";
import { expectRefusal } from "./harness/expectations.ts";
import { listFiles } from "./harness/library.ts";
import { call } from "./harness/media-api.ts";
import { type Nodes, startNodes } from "./harness/nodes.ts";
import { jpeg } from "./harness/samples.ts";
import type { RunningServer } from "./harness/server.ts";
import { type Answer, mint, uploadBasic, uploadWithToken } from "./harness/upload.ts";
import { metricsOf } from "./harness/worker-processes.ts";

// Runs on the second pair of engines only. On the first, several processes share a machine (workers-races.soak.ts).

let nodes: Nodes;
beforeAll(async () => {
  nodes = await startNodes(4, ["--log-level", "error"]);
});
afterAll(() => nodes?.stop());

test("of 2,000 tokens, each presented 10 times at once across four nodes behind a round-robin, each is accepted exactly once", {
  timeout: 240_000,
}, async () => {
  const [count, presentations, lanes] = [2000, 10, 8];
  const fields = { fileName: "once.txt", folder: "/tokens" };
  const tokens = Array.from({ length: count }, () => mint(fields, { expiresIn: 600 })).values();
  let stored = 0;
  const present = async (): Promise<void> => {
    for (const token of tokens) {
      const answers = await Promise.all(
        Array.from({ length: presentations }, () => uploadWithToken(nodes.url, "hello", fields, token)),
      );
      const refused = answers.filter(({ status }) => status !== 200);
      for (const answer of refused) expectRefusal(answer, 400, "TOKEN_USED");
      expect(refused).toHaveLength(presentations - 1);
      stored++;
    }
  };
  await Promise.all(Array.from({ length: lanes }, present));
  expect(stored).toBe(count);
  for (const { url } of nodes.servers) {
    expect(await storedBy(url)).toBeGreaterThan(count / 10);
    const first = await listFiles(url);
    const { body } = await call(url, "GET", "/v1/files?limit=1000&skip=1000");
    expect(new Set([...first, ...body].map(({ fileId }) => fileId)).size).toBe(count);
  }
});

/** Counts the uploads that this node itself has stored. */
async function storedBy(url: string): Promise<number> {
  const metrics = await (await fetch(`${url}/metrics`)).text();
  return Number(/^sluice_uploads_total\{outcome="stored"\} (\d+)$/m.exec(metrics)?.[1]);
}

test("16 clients that overwrite one file 6 times each through four nodes make 96 consecutive versions, none lost", async () => {
  const fields = { fileName: "one.txt", folder: "/versions", useUniqueFileName: "false" };
  const answers: Answer[] = [];
  const overwrite = async (client: number): Promise<void> => {
    for (let time = 0; time < 6; time++) {
      answers.push(await uploadBasic(nodes.url, `${client} ${time}`, fields));
    }
  };
  await Promise.all(Array.from({ length: 16 }, (_, client) => overwrite(client)));
  expect(answers.map(({ status }) => status)).toEqual(Array(96).fill(200));
  const consecutive = Array.from({ length: 96 }, (_, index) => `Version ${index + 1}`);
  expect(new Set(answers.map(({ body }) => body.versionInfo.name))).toEqual(new Set(consecutive));
  const { body } = await call(nodes.url, "GET", `/v1/files/${answers[0]?.body.fileId}/versions`);
  const listed = body.map(({ versionInfo }: { versionInfo: { name: string } }) => versionInfo.name);
  expect(listed).toEqual(consecutive.reverse());
});

test("an image that one node has made is made by no other: it finds it in the bucket", async () => {
  const [maker, ...others] = nodes.servers;
  if (maker === undefined) throw new Error("no node");
  const { filePath } = (await uploadBasic(maker.url, await jpeg(40, 30), { fileName: "shared.jpg" })).body;
  const ask = ({ url }: RunningServer) => deliver(`${url}/demo${filePath}?tr=w-10`);
  const source = async ({ url }: RunningServer, source: string) =>
    (await metricsOf(url)).sum("sluice_derived_images_total", { source });
  const first = await ask(maker);
  // The image is put there after the answer. Until then other nodes would render it themselves.
  await expect.poll(() => sharedImages(nodes.shared)).toHaveLength(1);
  for (const node of others) {
    const next = await ask(node);
    expect(next.headers.etag).toBe(first.headers.etag);
    expect(next.bytes).toEqual(first.bytes);
    expect([await source(node, "made"), await source(node, "shared")]).toEqual([0, 1]);
  }
  await call(nodes.url, "POST", "/v1/files/purge", { body: { url: `${nodes.url}/demo${filePath}` } });
  for (const node of nodes.servers) expect((await ask(node)).headers.etag).not.toBe(first.headers.etag);
});

test("a change that one node has answered holds on every node at once", async () => {
  const [changing, ...others] = nodes.servers;
  if (changing === undefined) throw new Error("no node");
  const { filePath } = (await uploadBasic(changing.url, await jpeg(40, 30), { fileName: "named.jpg" })).body;
  const api = (method: string, path: string, body?: unknown) => call(changing.url, method, path, { body });
  const statuses = () =>
    Promise.all(others.map(async ({ url }) => (await deliver(`${url}/demo${filePath}?tr=n-node_thumb`)).status));
  const values = () =>
    Promise.all(
      others.map(async ({ url }) => {
        const fields = { fileName: "a.txt", responseFields: "customMetadata" };
        return (await uploadBasic(url, "hello", fields)).body.customMetadata;
      }),
    );
  expect([await statuses(), await values()]).toEqual([Array(3).fill(400), Array(3).fill({})]);
  const named = (await api("POST", "/v1/named-transformations", { name: "node_thumb", transformation: "w-10" })).body;
  expect(await statuses()).toEqual(Array(3).fill(200));
  await api("PATCH", `/v1/named-transformations/${named.id}`, { enabled: false });
  expect(await statuses()).toEqual(Array(3).fill(400));
  const schema = { type: "Text", isValueRequired: true, defaultValue: "none" };
  const field = (await api("POST", "/v1/customMetadataFields", { name: "brand", label: "Brand", schema })).body;
  expect(await values()).toEqual(Array(3).fill({ brand: "none" }));
  await api("DELETE", `/v1/customMetadataFields/${field.id}`);
  expect(await values()).toEqual(Array(3).fill({}));
});
