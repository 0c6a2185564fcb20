import { randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type PrivateS3, s3Problem, startS3 } from "../../../scripts/services/s3.ts";
import { sluice } from "../harness/command.ts";
import { deliver, original } from "../harness/deliver.ts";
import { describeWhere } from "../harness/needs.ts";
import { type RunningServer, startServer } from "../harness/server.ts";
import { mint, uploadWithToken } from "../harness/upload.ts";

describeWhere(s3Problem(), "a server whose bucket is out of reach", () => {
  let service: PrivateS3;
  let server: RunningServer;

  beforeAll(async () => {
    service = await startS3();
    server = await startServer({
      flags: ["--storage-url", service.storageUrl],
      environment: service.environment,
    });
  });

  afterAll(async () => {
    await server?.stop();
    await service?.stop();
  });

  const troubles: [what: string, begin: () => Promise<void>, end: () => Promise<void>][] = [
    ["since its service was killed", () => service.killGateway(), () => service.startGateway()],
    [
      "since its service hangs",
      async () => service.signalGateway("SIGSTOP"),
      async () => service.signalGateway("SIGCONT"),
    ],
  ];

  test.each(troubles)("%s: says so, burns no token, and is well again by itself", async (_, begin, end) => {
    const bytes = randomBytes(100_000);
    const stored = await uploadWithToken(server.url, bytes, { fileName: "before.bin" });
    expect(stored.status).toBe(200);
    const fields = { fileName: "during.bin" };
    const token = mint(fields, { expiresIn: 600 });
    // After a successful check, the server trusts its bucket for a second.
    await sleep(1100);
    await begin();
    try {
      const refused = await uploadWithToken(server.url, bytes, fields, token);
      expect(refused.status).toBe(503);
      expect(refused.headers.get("retry-after")).toBe("5");
      expect(refused.headers.get("x-should-retry")).not.toBe("false");
      expect(refused.body).toMatchObject({ reason: "STORAGE_UNAVAILABLE" });
      expect((await fetch(`${server.url}/health`)).status).toBe(503);
    } finally {
      await end();
    }
    await expect.poll(async () => (await fetch(`${server.url}/health`)).status, { timeout: 20_000 }).toBe(200);
    expect((await uploadWithToken(server.url, bytes, fields, token)).status).toBe(200);
    const { status, bytes: received } = await deliver(original(stored.body.url));
    expect([status, received.equals(bytes)]).toEqual([200, true]);
  });

  test("has burnt the token of who met the outage first, at the most, and not of the next", async () => {
    const upload = (token: string) => uploadWithToken(server.url, randomBytes(1000), fields, token);
    const fields = { fileName: "next.bin" };
    const token = mint(fields, { expiresIn: 600 });
    // Renews the server's trust in its bucket.
    await sleep(1100);
    expect((await upload(mint(fields))).status).toBe(200);
    await service.killGateway();
    try {
      expect((await upload(mint(fields))).status).toBe(503);
      const refused = await upload(token);
      expect([refused.status, refused.headers.get("x-should-retry")]).toEqual([503, null]);
    } finally {
      await service.startGateway();
    }
    await expect.poll(async () => (await fetch(`${server.url}/health`)).status, { timeout: 20_000 }).toBe(200);
    expect((await upload(token)).status).toBe(200);
  });

  test("has lost nothing of what it acknowledged while its service was killed under load", async () => {
    const acknowledged: { url: string; bytes: Buffer }[] = [];
    const refusals = new Set<number>();
    let on = true;
    const client = async (): Promise<void> => {
      while (on) {
        const bytes = randomBytes(40_000);
        const { status, body } = await uploadWithToken(server.url, bytes, { fileName: "load.bin" });
        if (status === 200) acknowledged.push({ url: body.url, bytes });
        else refusals.add(status);
      }
    };
    const clients = Array.from({ length: 6 }, client);
    for (let round = 0; round < 3; round++) {
      await sleep(500);
      await service.killGateway();
      await sleep(300);
      await service.startGateway();
    }
    await sleep(500);
    on = false;
    await Promise.all(clients);
    expect(acknowledged.length).toBeGreaterThan(10);
    expect([...refusals]).toEqual([503]);
    for (const { url, bytes } of acknowledged) {
      const { status, bytes: received } = await deliver(original(url));
      expect([status, received.equals(bytes)]).toEqual([200, true]);
    }
    const args = ["fsck", "--deep", "--data-dir", server.dataDir, "--storage-url", service.storageUrl];
    expect((await sluice(args, { environment: service.environment })).stdout).toMatch(/^clean$/m);
    expect(server.output()).not.toMatch(/test-secret-key|test-access-key|AWS4-HMAC/);
  });
});
