import { afterAll, beforeAll, expect, test } from "vitest";
import { onCluster } from "./harness/engines.ts";
import { listFiles } from "./harness/library.ts";
import { call } from "./harness/media-api.ts";
import { filePart, textPart, textParts } from "./harness/multipart.ts";
import { startNodes } from "./harness/nodes.ts";
import { openUpload } from "./harness/open-upload.ts";
import { askOutcome } from "./harness/outcome.ts";
import { startServer } from "./harness/server.ts";
import { mint, uploadWithToken } from "./harness/upload.ts";
import { metricsOf } from "./harness/worker-processes.ts";

// The process that is asked need not be the one that has the upload: two nodes, or two processes that share an address.
let servers: { readonly urls: readonly [string, string]; stop(): Promise<unknown> };
const patienceSeconds = 20;
const flags = ["--limit", `outcome-seconds=${patienceSeconds}`, "--log-level", "error"];
beforeAll(async () => {
  if (onCluster) {
    const { servers: nodes, stop } = await startNodes(2, flags);
    const [one = "", other = ""] = nodes.map(({ url }) => url);
    servers = { urls: [one, other], stop };
  } else {
    const { url, stop } = await startServer({ flags: ["--workers", "2", ...flags] });
    servers = { urls: [url, url], stop };
  }
});
afterAll(() => servers?.stop());

const fields = { fileName: "asked.txt" } as const;

test("what one has stored, every one of them tells, while it is uploaded and after", async () => {
  const [one, other] = servers.urls;
  const rounds = Array.from({ length: 40 }, async (_, round) => {
    const token = mint(fields);
    const asking = new Promise((resolve) => setTimeout(resolve, round % 8)).then(() => askOutcome(other, token));
    const uploaded = await uploadWithToken(one, `content ${round}`, fields, token);
    const expected =
      uploaded.status === 200
        ? { outcome: "stored", response: { fileId: uploaded.body.fileId } }
        : { outcome: "nothing" };
    expect((await asking).body).toMatchObject(expected);
    for (const url of servers.urls) expect((await askOutcome(url, token)).body).toMatchObject(expected);
    return uploaded.status === 200 ? uploaded.body.fileId : undefined;
  });
  const stored = (await Promise.all(rounds)).filter((fileId) => fileId !== undefined);
  const listed = (await listFiles(one)).map(({ fileId }) => fileId);
  expect(listed.sort()).toEqual(stored.sort());
});

test("of what a client has broken off, nobody waits for what may still come of it", async () => {
  const [one, other] = servers.urls;
  const begun = performance.now();
  for (let round = 0; round < 5; round++) {
    const token = mint(fields);
    const parts = [textPart("token", token), ...textParts(fields), filePart("x".repeat(2_000_000))];
    const upload = openUpload(one, parts);
    await upload.send(1_500_000);
    // The file has begun to arrive, so the token is burnt.
    await expect.poll(spooled).toBeGreaterThan(0);
    upload.abort();
    expect((await askOutcome(other, token)).body).toEqual({ outcome: "nothing" });
  }
  expect(performance.now() - begun).toBeLessThan(patienceSeconds * 1000);
});

test("a refusal is found in whichever process it happened, or on the node that is asked", async () => {
  const [one, other] = servers.urls;
  const token = mint(fields, { privateKey: "private_wrong" });
  const refused = await Promise.all(Array.from({ length: 12 }, () => uploadWithToken(one, "x", fields, token)));
  const list = async (url: string) => (await call(url, "GET", "/_sluice/refusals?reason=TOKEN_INVALID")).body;
  const idsOf = ({ refusals }: { refusals: { requestId: string }[] }) => refusals.map(({ requestId }) => requestId);
  const ids = refused.map(({ headers }) => headers.get("x-request-id")).sort();
  const listed = await list(one);
  expect(idsOf(listed).sort()).toEqual(ids);
  expect(listed.asked).toMatchObject({ processes: onCluster ? 1 : 2, silent: 0 });
  const elsewhere = await list(other);
  expect(elsewhere.asked.node === listed.asked.node).toBe(!onCluster);
  expect(idsOf(elsewhere).sort()).toEqual(onCluster ? [] : ids);
});

/** The files in the spool of the first node, or of all processes. */
async function spooled(): Promise<number> {
  return (await metricsOf(servers.urls[0])).sum("sluice_spool_files");
}
