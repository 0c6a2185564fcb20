import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, vi } from "vitest";
import { newestRelease } from "../../scripts/upgrade/released.ts";
import { unpackRelease } from "../../scripts/upgrade/released-sources.ts";
import { type Balancer, startBalancer } from "./harness/balancer.ts";
import { dropEngines, engineSettings, prepareEngines } from "./harness/engines.ts";
import { expectRefusal, expectStored } from "./harness/expectations.ts";
import { expectClean } from "./harness/fsck.ts";
import { fetchOriginal } from "./harness/library.ts";
import { call } from "./harness/media-api.ts";
import { testWhere } from "./harness/needs.ts";
import { type ServerProcess, startServerProcess } from "./harness/server.ts";
import { expectNothingLost, type SteadyLoad, startLoad } from "./harness/steady-load.ts";
import { mint, uploadBasic, uploadWithToken } from "./harness/upload.ts";
import { startWebhookReceiver } from "./harness/webhook-receiver.ts";

const release = newestRelease();
const missing = typeof release === "string" ? release : undefined;

testWhere(
  missing,
  "a rolling upgrade from the released version fails no request and loses nothing",
  async () => {
    if (typeof release === "string") return;
    const shared = await mkdtemp(join(tmpdir(), "sluice-rolling-"));
    await prepareEngines(shared);
    const released = await unpackRelease(release);
    const receiver = await startWebhookReceiver();
    const flags = ["--allow-private-networks", "--no-auto-tagging", "--webhook-url", `${receiver.url}/told`];
    const environment = engineSettings(shared);
    const running: ServerProcess[] = [];
    let balancer: Balancer | undefined;
    let load: SteadyLoad | undefined;
    const start = async (program?: readonly string[]): Promise<ServerProcess> => {
      const server = await startServerProcess({ flags, environment, ...(program && { program }) });
      running.push(server);
      return server;
    };
    try {
      const older = [await start(released.command), await start(released.command)];
      balancer = await startBalancer(older.map(({ url }) => url));
      load = await startLoad(balancer.url, { pauseMs: 30 });
      await expectMore(load);
      for (const node of older) {
        // Its start migrates the database, which the older nodes go on using.
        const newer = await start();
        balancer.add(newer.url);
        await expectMore(load);
        await expectAgreement(node.url, newer.url);
        await balancer.remove(node.url);
        expect(await node.stop()).toBe(0);
        await expectMore(load);
      }
      const result = await load.stop();
      await expectNothingLost(balancer.url, result, receiver);
      await expectClean(shared);
    } finally {
      await load?.stop();
      await balancer?.close();
      for (const server of running) await server.stop();
      await receiver.close();
      await released.remove();
      await dropEngines(shared);
      await rm(shared, { recursive: true, force: true });
    }
  },
  300_000,
);

/** Waits until the load has had many more answers. */
async function expectMore(load: SteadyLoad): Promise<void> {
  const before = load.answered();
  await vi.waitFor(() => expect(load.answered()).toBeGreaterThan(before + 150), 60_000);
}

/** Expects two versions that serve the same library to know at once of each other's changes. */
async function expectAgreement(older: string, newer: string): Promise<void> {
  for (const [one, other] of [
    [older, newer],
    [newer, older],
  ] as const) {
    const fields = { fileName: "agreed.txt", tags: "first", useUniqueFileName: "false" };
    const token = mint(fields);
    const stored = await uploadWithToken(one, `by ${one}`, fields, token);
    expectStored(stored);
    expectRefusal(await uploadWithToken(other, "again", fields, token), 400, "TOKEN_USED");
    expect(String(await fetchOriginal(other, stored.body.url))).toBe(`by ${one}`);
    const { fileId } = stored.body;
    const change = { body: { tags: ["second"] } };
    expect((await call(other, "PATCH", `/v1/files/${fileId}/details`, change)).status).toBe(200);
    expect((await call(one, "GET", `/v1/files/${fileId}/details`)).body.tags).toEqual(["second"]);
    const version = await uploadBasic(other, `by ${other}`, fields);
    expectStored(version);
    expect(String(await fetchOriginal(one, stored.body.url))).toBe(`by ${other}`);
    expect((await call(one, "DELETE", `/v1/files/${fileId}?permanent=false`)).status).toBe(204);
    expect((await call(other, "GET", `/v1/files/${fileId}/details`)).status).toBe(404);
  }
}
