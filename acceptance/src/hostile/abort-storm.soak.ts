import { randomFillSync } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import sharp from "sharp";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { blobFiles, spoolFiles } from "../harness/data-dir.ts";
import { onCluster } from "../harness/engines.ts";
import { expectStored } from "../harness/expectations.ts";
import { listFiles } from "../harness/library.ts";
import { encodeForm, filePart, textPart, textParts } from "../harness/multipart.ts";
import { descendantsOf, isOfMedia } from "../harness/processes.ts";
import { RawConnection } from "../harness/raw-http.ts";
import { type ServerProcess, startServerProcess } from "../harness/server.ts";
import { basic, mint, uploadBasic, uploadWithToken } from "../harness/upload.ts";
import { alarmsOf } from "./support/alarms.ts";
import { openDescriptors } from "./support/process-facts.ts";

const KiB = 1024;
const [connections, waves] = [500, 5];

let server: ServerProcess;
beforeAll(async () => {
  server = await startServerProcess();
  // Makes the server open everything that it opens once and keeps, before descriptors are counted.
  for (let turn = 0; turn < 3; turn++) await uploadBasic(server.url, `warm ${turn}`, { fileName: "warm.txt" });
});
afterAll(() => server?.stop());

/** Opens many connections in waves. Each connection sends its bytes, waits for `wait` and is cut. */
async function storm(bytesOf: (index: number) => Uint8Array, wait: () => Promise<unknown>): Promise<void> {
  for (let wave = 0; wave < waves; wave++) {
    const size = connections / waves;
    const opened = await Promise.all(Array.from({ length: size }, () => RawConnection.open(server.url)));
    try {
      const sending = opened.map((connection, index) => connection.write(bytesOf(wave * size + index)));
      await Promise.allSettled(sending);
      await wait();
    } finally {
      for (const connection of opened) connection.destroy();
    }
  }
}

async function spoolGauges(): Promise<readonly string[] | null> {
  return (await (await fetch(`${server.url}/metrics`)).text()).match(/^sluice_spool_\w+ \d+$/gm);
}

/**
 * The number of connections to PostgreSQL and S3 that may have been added to the pools, far fewer than there are
 * clients.
 */
const pooled = onCluster ? 80 : 2;

/** Expects the server to have released everything that the storm held. */
async function expectCalm(before: readonly string[]): Promise<void> {
  await expect.poll(() => spoolFiles(server.dataDir)).toEqual([]);
  await expect.poll(async () => (await openDescriptors(server)).length).toBeLessThanOrEqual(before.length + pooled);
  await expect.poll(spoolGauges).toEqual(["sluice_spool_files 0", "sluice_spool_bytes 0"]);
  expect(alarmsOf(server)).toEqual([]);
}

async function openBlobs(): Promise<number> {
  const opened = await openDescriptors(server);
  return opened.filter((path) => path.startsWith(join(server.dataDir, "blobs"))).length;
}

describe("five hundred clients that leave in the middle", () => {
  const file = filePart(Buffer.alloc(600 * KiB, 0x61));
  const forms = {
    "beside Basic": () => encodeForm([...textParts({ fileName: "never.bin" }), file]),
    "with the token first": () =>
      encodeForm([textPart("token", mint({ fileName: "never.bin" })), textPart("fileName", "never.bin"), file]),
    "with the token last": () =>
      encodeForm([file, textPart("fileName", "never.bin"), textPart("token", mint({ fileName: "never.bin" }))]),
  };

  test.each(Object.entries(forms))("of an upload %s leave neither files nor descriptors", async (mode, make) => {
    const before = await openDescriptors(server);
    const stored = { files: await listFiles(server.url), blobs: await blobFiles(server.dataDir) };
    const authorization = mode === "beside Basic" ? `authorization: ${basic}\r\n` : "";
    await storm(
      (index) => {
        const { contentType, body } = make();
        const head = `POST /api/v2/files/upload HTTP/1.1\r\nhost: test\r\n${authorization}content-type: ${contentType}\r\n`;
        const sent = Math.floor((body.length * ((index % 50) + 1)) / 51);
        return Buffer.concat([Buffer.from(`${head}content-length: ${body.length}\r\n\r\n`), body.subarray(0, sent)]);
      },
      async () => undefined,
    );
    await expectCalm(before);
    expect({ files: await listFiles(server.url), blobs: await blobFiles(server.dataDir) }).toEqual(stored);
    expectStored(await uploadWithToken(server.url, "after the storm", { fileName: `after-${Date.now()}.txt` }));
  });

  test("right behind the last byte of a whole upload leave nothing half done", async () => {
    const before = await openDescriptors(server);
    await storm(
      (index) => {
        const fields = { fileName: `whole-${index % 10}.txt`, useUniqueFileName: "false" };
        const { contentType, body } = encodeForm([...textParts(fields), filePart(`content ${index % 7}`)]);
        const head = `POST /api/v2/files/upload HTTP/1.1\r\nhost: test\r\nauthorization: ${basic}\r\n`;
        const rest = `content-type: ${contentType}\r\ncontent-length: ${body.length}\r\n\r\n`;
        return Buffer.concat([Buffer.from(head + rest), body]);
      },
      async () => undefined,
    );
    await expectCalm(before);
    for (const { url } of await listFiles(server.url)) expect((await fetch(`${url}&tr=orig-true`)).status).toBe(200);
  });

  test("of a download leave no descriptors", async () => {
    const { body } = await uploadBasic(server.url, Buffer.alloc(20 * 1024 * KiB), { fileName: "large.bin" });
    const before = await openDescriptors(server);
    await storm(
      () => Buffer.from(`GET ${new URL(body.url).pathname} HTTP/1.1\r\nhost: test\r\n\r\n`),
      () => expect.poll(openBlobs).toBeGreaterThan(0),
    );
    await expectCalm(before);
  });
});

describe("a client that leaves while its picture is being encoded", () => {
  /** Processor time of the processes that decode and encode, in ticks of 10 ms. */
  async function ticks(): Promise<number> {
    const decoders = descendantsOf(server.process.pid ?? 0).filter(isOfMedia);
    const stats = await Promise.all(decoders.map((pid) => readFile(`/proc/${pid}/stat`, "latin1").catch(() => "")));
    return stats.reduce((sum, stat) => {
      const [user = 0, system = 0] = stat
        .slice(stat.lastIndexOf(")") + 2)
        .split(" ")
        .slice(11, 13)
        .map(Number);
      return sum + user + system;
    }, 0);
  }

  /** Whether a picture is being encoded: a process works on one without a pause. */
  async function isEncoding(): Promise<boolean> {
    const before = await ticks();
    await setTimeout(300);
    // A process that has ended takes its time along.
    return (await ticks()) - before >= 5;
  }

  test("ends the encoding, unless somebody else waits for the picture", async () => {
    // On noise, the encoder takes two seconds of processor time.
    const [width, height] = [600, 415];
    const pixels = randomFillSync(Buffer.alloc(width * height * 3));
    const noise = await sharp(pixels, { raw: { width, height, channels: 3 } })
      .png()
      .toBuffer();
    const { body } = await uploadBasic(server.url, noise, { fileName: "noise.png" });
    const ask = async (rendition: string): Promise<RawConnection> => {
      const { pathname } = new URL(body.url);
      const connection = await RawConnection.open(server.url);
      await connection.write(`GET ${pathname}?tr=${rendition} HTTP/1.1\r\nhost: test\r\n\r\n`);
      return connection;
    };
    // The processes that decode are started by now, and are not counted as left behind.
    await Promise.all([1, 2, 3].map((width) => fetch(`${body.url}?tr=w-${width}`)));
    const before = await openDescriptors(server);
    const alone = await ask("f-avif,q-71");
    await expect.poll(isEncoding, { timeout: 10_000, interval: 20 }).toBe(true);
    alone.destroy();
    await expect.poll(isEncoding, { timeout: 3000, interval: 20 }).toBe(false);

    const [leaves, staying] = [await ask("f-avif,q-72"), fetch(`${body.url}?tr=f-avif,q-72`)];
    await expect.poll(isEncoding, { timeout: 10_000, interval: 20 }).toBe(true);
    leaves.destroy();
    expect((await staying).status).toBe(200);
    await expectCalm(before);
  });
});
