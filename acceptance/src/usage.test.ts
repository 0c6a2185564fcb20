import ImageKit from "@imagekit/nodejs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { withTemporaryFolder } from "./harness/data-dir.ts";
import { call, refusal } from "./harness/media-api.ts";
import { jpeg } from "./harness/samples.ts";
import { keys, type RunningServer, type ServerProcess, startServer, startServerProcess } from "./harness/server.ts";
import { mint, uploadBasic, uploadWithToken } from "./harness/upload.ts";

const dayMs = 24 * 60 * 60 * 1000;
const day = (offset = 0) => new Date(Date.now() + offset * dayMs).toISOString().slice(0, 10);

async function usageOf({ url }: RunningServer) {
  // Two days, should midnight pass meanwhile.
  const { status, body } = await call(url, "GET", `/v1/accounts/usage?startDate=${day(-1)}&endDate=${day(2)}`);
  expect(status).toBe(200);
  return body;
}

async function analyticsOf({ url }: RunningServer) {
  return (await call(url, "GET", `/v1/accounts/usage-analytics?startDate=${day(-1)}&endDate=${day(1)}`)).body;
}

/** The number of uploads and their bytes. */
async function uploadsOf({ url }: RunningServer) {
  const { body } = await call(url, "GET", `/v1/accounts/usage-daily?startDate=${day(-1)}&endDate=${day()}`);
  const sum = (name: string) =>
    body.days.reduce((sum: number, one: Record<string, number>) => sum + (one[name] ?? 0), 0);
  return [sum("uploadCount"), sum("uploadBytes")];
}

/** Fetches until told to end. @returns what the clients have got so far, and the end of all clients */
function load(urls: readonly string[], until: Promise<unknown>) {
  const got = { requests: 0, bytes: 0 };
  let ended = false;
  void until.then(() => {
    ended = true;
  });
  const clients = Array.from({ length: 8 }, async (_, client) => {
    for (let turn = client; !ended; turn++) {
      try {
        const answer = await fetch(urls[turn % urls.length] ?? "", { headers: { "accept-encoding": "identity" } });
        const { byteLength } = await answer.arrayBuffer();
        got.requests += 1;
        got.bytes += byteLength;
      } catch {
        // The server has ended, perhaps while it answered.
        return;
      }
    }
  });
  return { got, ended: Promise.all(clients) };
}

const ends: [how: string, flags: string[], loses: boolean, end: (server: ServerProcess) => Promise<void>][] = [
  ["a kill -9, but for the deliveries of five seconds", [], true, (server) => server.kill()],
  ["a SIGTERM to two processes", ["--workers", "2"], false, async (server) => expect(await server.stop()).toBe(0)],
];

test.each(ends)("usage equals what a load really did, over %s", (_how, flags, loses, end) =>
  withTemporaryFolder(async (dataDir) => {
    const first = await startServerProcess({ dataDir, flags });
    const sizes = [10, 5000, 300_000];
    const files = await Promise.all(
      sizes.map(
        async (size) => (await uploadBasic(first.url, Buffer.alloc(size, "text "), { fileName: "a.txt" })).body,
      ),
    );
    const picture = (await uploadBasic(first.url, await jpeg(40, 40), { fileName: "a.jpg" })).body;
    const urls = [...files.map(({ url }) => url), `${picture.url}?tr=w-20`, `${first.url}/demo/none.txt`];
    const { got, ended } = load(urls, first.exited);
    await expect.poll(() => got.requests).toBeGreaterThan(200);
    await end(first);
    await ended;

    const second = await startServerProcess({ dataDir });
    try {
      const { requestCount, bandwidthBytes } = await analyticsOf(second);
      // Of each client, one answer may have been on its way when the server ended.
      expect(requestCount).toBeGreaterThanOrEqual(loses ? 0 : got.requests);
      expect(requestCount).toBeLessThanOrEqual(got.requests + 8);
      expect(bandwidthBytes).toBeGreaterThanOrEqual(loses ? 0 : got.bytes);
      expect(bandwidthBytes).toBeLessThanOrEqual(got.bytes + 8 * 300_000);
      const stored = sizes.reduce((sum, size) => sum + size, picture.size);
      expect(await usageOf(second)).toEqual({
        bandwidthBytes,
        mediaLibraryStorageBytes: stored,
        videoProcessingUnitsCount: 0,
        extensionUnitsCount: 0,
        originalCacheStorageBytes: 0,
      });
      expect(await uploadsOf(second)).toEqual([4, stored]);
    } finally {
      await second.stop();
    }
  }),
);

describe("on a server that runs", () => {
  let server: RunningServer;
  let sdk: ImageKit;
  beforeAll(async () => {
    server = await startServer();
    sdk = new ImageKit({ privateKey: keys.privateKey, baseURL: server.url });
  });
  afterAll(() => server?.stop());

  test("deliveries are told apart by status and media type", async () => {
    const { body } = await uploadBasic(server.url, "hello", { fileName: "a.txt" });
    const answers = [];
    for (const url of [body.url, body.url, `${server.url}/demo/none.txt`]) {
      const answer = await fetch(url);
      answers.push({ status: answer.status, bytes: (await answer.arrayBuffer()).byteLength });
    }
    const ofToday = () => sdk.accounts.usageAnalytics.get({ startDate: day(), endDate: day() });
    // What another process has counted comes within five seconds.
    await expect.poll(async () => (await ofToday()).requestCount, { timeout: 10_000 }).toBe(3);
    const report = await ofToday();
    const bandwidthBytes = answers.reduce((sum, { bytes }) => sum + bytes, 0);
    const text = { name: "text/plain", requestCount: 2, bandwidthBytes: 10 };
    expect(report).toMatchObject({
      ...{ startDate: day(), endDate: day(), requestCount: 3, bandwidthBytes },
      statusCodes: [
        { name: "200", requestCount: 2 },
        { name: "404", requestCount: 1 },
      ],
      format: { byRequests: [text], byBandwidth: [text] },
      topImages: { byRequests: [], byBandwidth: [] },
    });
    const usage = await sdk.accounts.usage.get({ startDate: day(), endDate: day(1) });
    expect(usage).toMatchObject({ bandwidthBytes, mediaLibraryStorageBytes: 5 });
  });

  test("uploads, uses of the cache and refusals are told by the day, each counted once", async () => {
    const daily = async () => {
      const { body } = await call(server.url, "GET", `/v1/accounts/usage-daily?startDate=${day(-1)}&endDate=${day()}`);
      return body.days.at(-1);
    };
    const before = await daily();
    const { body } = await uploadBasic(server.url, await jpeg(40, 40), { fileName: "a.jpg" });
    for (let round = 0; round < 3; round++) await (await fetch(`${body.url}?tr=w-20`)).arrayBuffer();
    await fetch(`${server.url}/demo/none.jpg`);
    await uploadWithToken(server.url, "text", { fileName: "b.txt" }, mint({ fileName: "other.txt" }));
    const added = async () => {
      const after = await daily();
      const names = ["uploadCount", "uploadBytes", "storedBytes", "requestCount", "cacheHitCount", "cacheMissCount"];
      const countOf = (of: typeof after, reason: string) =>
        of.refusals.find((one: { reason: string }) => one.reason === reason)?.count ?? 0;
      return {
        ...Object.fromEntries(names.map((name) => [name, after[name] - before[name]])),
        ...Object.fromEntries(
          ["NOT_FOUND", "PAYLOAD_MISMATCH"].map((reason) => [reason, countOf(after, reason) - countOf(before, reason)]),
        ),
      };
    };
    await expect.poll(added, { timeout: 10_000 }).toEqual({
      ...{ uploadCount: 1, uploadBytes: body.size, storedBytes: body.size, requestCount: 4 },
      ...{ cacheHitCount: 2, cacheMissCount: 1, NOT_FOUND: 1, PAYLOAD_MISMATCH: 1 },
    });
  });

  test.each([
    ["", "startDate and endDate are required in query parameters.", "USAGE_DATES_MISSING"],
    ["?startDate=2026-01-01", "startDate and endDate are required in query parameters.", "USAGE_DATES_MISSING"],
    ["?startDate=1&endDate=2", "startDate and endDate should be in format YYYY-MM-DD.", "USAGE_DATES_INVALID"],
    ["?startDate=2026-01-02&endDate=2026-01-01", "startDate should be before endDate.", "USAGE_DATES_REVERSED"],
    [
      "?startDate=2026-01-01&endDate=2026-04-01",
      "startDate and endDate should be within 90 days.",
      "USAGE_DATES_TOO_FAR_APART",
    ],
  ])("%s is refused word by word", async (query, message, reason) => {
    for (const path of ["/v1/accounts/usage", "/v1/accounts/usage-analytics"]) {
      expect(refusal(await call(server.url, "GET", path + query))).toEqual([400, message, reason]);
    }
  });

  test("no parameter is ignored", async () => {
    const query = "?startDate=2026-01-01&endDate=2026-01-02&metrics=bandwidth";
    const [status, , reason] = refusal(await call(server.url, "GET", `/v1/accounts/usage${query}`));
    expect([status, reason]).toEqual([400, "PARAMETER_INVALID"]);
  });
});
