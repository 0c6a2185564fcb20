import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { blobFiles, spoolFiles } from "../harness/data-dir.ts";
import { expectRefusal, expectStored } from "../harness/expectations.ts";
import { filePart, textPart, textParts } from "../harness/multipart.ts";
import type { RawConnection } from "../harness/raw-http.ts";
import { type ServerProcess, startServerProcess } from "../harness/server.ts";
import { type Answer, mint, post, uploadBasic, uploadWithToken } from "../harness/upload.ts";
import { fileStart, uploadHead, withStrangers } from "./support/strangers.ts";

const KiB = 1024;
const MiB = KiB * KiB;
const fields = { fileName: "honest.bin" } as const;
// An upload that found no place would wait for longer than any test lasts.
const patience = "wait-seconds=600";

function uploadTokenFirst(url: string, file: string | Uint8Array): Promise<Answer> {
  return post(url, [textPart("token", mint(fields)), ...textParts(fields), filePart(file)]);
}

/** Expects uploads with credentials to be admitted, in each way and all at the same time. */
async function expectAdmitted(url: string, file: string | Uint8Array = "0123456789"): Promise<void> {
  const answers = await Promise.all([
    uploadBasic(url, file, fields),
    uploadTokenFirst(url, file),
    uploadWithToken(url, file, fields),
  ]);
  for (const answer of answers) expectStored(answer);
}

async function expectGaveWay(connection: RawConnection | undefined): Promise<void> {
  const answer = await connection?.readAnswer();
  expectRefusal({ status: answer?.status ?? 0, body: JSON.parse(answer?.text ?? "{}") }, 503, "UPLOAD_GAVE_WAY");
  expect(Number(answer?.headers["retry-after"])).toBeGreaterThan(0);
}

describe("strangers who take all they can get keep nobody from uploading", () => {
  let server: ServerProcess;
  beforeAll(async () => {
    server = await startServerProcess({ flags: ["--limit", `uploads=16,spool-files=16,${patience}`] });
  });
  afterAll(() => server?.stop());

  test.each([4, 64])("with forms that stand still at their start, from %i addresses", async (addresses) => {
    const send = `${uploadHead(300 * MiB)}--b\r\n`;
    await withStrangers(server.url, { addresses, connections: 160, send }, () => expectAdmitted(server.url));
  });

  test.each([4, 64])("with files that stand still, from %i addresses: those give way", async (addresses) => {
    const send = uploadHead(300 * MiB) + fileStart + "x".repeat(100);
    await withStrangers(server.url, { addresses, connections: 160, send }, async (strangers) => {
      await expectAdmitted(server.url);
      await Promise.any(strangers.map(expectGaveWay));
    });
  });

  test("with forms that are long before their file comes", async () => {
    const send = `${uploadHead(300 * MiB)}--b\r\nContent-Disposition: form-data; name="x"\r\n\r\n${"x".repeat(60 * KiB)}\r\n`;
    const rest = send.slice(send.indexOf("--b"));
    await withStrangers(server.url, { addresses: 64, connections: 160, send: send + rest }, async () => {
      await expectAdmitted(server.url);
    });
  });
});

test("eight connections that declare 300 MiB each and trickle leave all the room to others", async () => {
  const server = await startServerProcess({ flags: ["--limit", patience] });
  try {
    const send = uploadHead(300 * MiB) + fileStart + "x".repeat(300 * KiB);
    await withStrangers(server.url, { addresses: 2, connections: 8, send }, async () => {
      await expect.poll(() => spoolFiles(server.dataDir)).toHaveLength(8);
      await expectAdmitted(server.url);
      expect(await spoolFiles(server.dataDir)).toHaveLength(8);
    });
  } finally {
    await server.stop();
  }
});

test("strangers who fill the room and stand still give it up, and leave nothing behind", async () => {
  // This leaves room for four files of the largest size.
  const size = ["--max-file-size", "1000000", "--max-video-size", "1000000"];
  const server = await startServerProcess({ flags: [...size, "--limit", `spool-bytes=1,${patience}`] });
  try {
    const send = Buffer.concat([Buffer.from(uploadHead(MiB) + fileStart), Buffer.alloc(900_000)]);
    await withStrangers(server.url, { addresses: 4, connections: 5, send }, async (strangers) => {
      await expect.poll(() => spoolFiles(server.dataDir)).toHaveLength(5);
      await expectAdmitted(server.url, Buffer.alloc(900_000));
      await Promise.any(strangers.map(expectGaveWay));
      const metrics = await (await fetch(`${server.url}/metrics`)).text();
      expect(Number(/^sluice_spool_bytes (\d+)$/m.exec(metrics)?.[1])).toBeLessThanOrEqual(4_000_000);
    });
    await expect.poll(() => spoolFiles(server.dataDir)).toEqual([]);
    expect(await blobFiles(server.dataDir)).toHaveLength(1);
  } finally {
    await server.stop();
  }
});

describe("connections", () => {
  const health = "GET /health HTTP/1.1\r\nhost: test\r\n\r\n";
  let server: ServerProcess;
  beforeAll(async () => {
    server = await startServerProcess({ flags: ["--limit", `connections=40,${patience}`] });
  });
  afterAll(() => server?.stop());

  test.each([
    ["nothing", ""],
    ["half a request", "GET /health HTTP/1.1\r\nhost: te"],
    ["a request", health],
    ["the start of a form", `${uploadHead(300 * MiB)}--b\r\n`],
    ["the start of a file", uploadHead(300 * MiB) + fileStart],
  ])("that bring %s and stay take none from others", async (_what, send) => {
    await withStrangers(server.url, { addresses: 4, connections: 44, send }, () => expectAdmitted(server.url));
  });

  test("of an address that has them all go to others", async () => {
    const send = uploadHead(300 * MiB) + fileStart;
    const others = { from: 1, addresses: 8 } as const;
    await withStrangers(server.url, { addresses: 1, connections: 40, send }, async () => {
      await withStrangers(server.url, { ...others, connections: 8, send: health }, async (newcomers) => {
        for (const newcomer of newcomers) expect((await newcomer.readAnswer()).status).toBe(200);
      });
    });
  });
});
