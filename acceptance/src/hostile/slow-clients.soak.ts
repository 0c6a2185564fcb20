import { connect } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { spoolFiles } from "../harness/data-dir.ts";
import { expectRefusal, expectStored } from "../harness/expectations.ts";
import { encodeForm, filePart, textPart, textParts } from "../harness/multipart.ts";
import { type RawAnswer, RawConnection } from "../harness/raw-http.ts";
import { type ServerProcess, startServerProcess } from "../harness/server.ts";
import { basic, mint, uploadBasic, uploadWithToken } from "../harness/upload.ts";
import { alarmsOf } from "./support/alarms.ts";
import { openDescriptors, openSockets } from "./support/process-facts.ts";

const MiB = 1024 * 1024;
const fields = { fileName: "slow.bin" } as const;

let server: ServerProcess;
beforeAll(async () => {
  server = await startServerProcess({ flags: ["--limit", "headers-seconds=1,stall-seconds=1,drains=2"] });
});
afterAll(() => server?.stop());

function head(contentType: string, length: number, authorization = basic): string {
  const lines = [`authorization: ${authorization}`, `content-type: ${contentType}`, `content-length: ${length}`];
  return `POST /api/v2/files/upload HTTP/1.1\r\nhost: test\r\n${lines.join("\r\n")}\r\n\r\n`;
}

function refusalOf({ status, text }: RawAnswer) {
  return { status, body: JSON.parse(text) };
}

async function withConnections(count: number, use: (connections: RawConnection[]) => Promise<void>): Promise<void> {
  const connections = await Promise.all(Array.from({ length: count }, () => RawConnection.open(server.url)));
  try {
    await use(connections);
  } finally {
    for (const connection of connections) connection.destroy();
  }
}

describe("headers", () => {
  test("that don't come, or come a byte at a time, end with a 408 and the connection", async () => {
    await withConnections(2, async ([silent, slow]) => {
      const drip = setInterval(() => slow?.write("a").catch(() => clearInterval(drip)), 100);
      try {
        await slow?.write("GET /health HTTP/1.1\r\nhost: test\r\nx: ");
        for (const connection of [silent, slow]) {
          const answer = await connection?.readAnswer();
          expectRefusal(refusalOf(answer ?? { status: 0, headers: {}, text: "{}" }), 408, "REQUEST_TIMEOUT");
          expect(answer?.headers.connection).toBe("close");
          await connection?.readEnd();
        }
      } finally {
        clearInterval(drip);
      }
    });
  });

  test("that don't come on a connection which has had an answer end it as well", async () => {
    await withConnections(1, async ([connection]) => {
      await connection?.write("GET /health HTTP/1.1\r\nhost: test\r\n\r\n");
      expect((await connection?.readAnswer())?.status).toBe(200);
      await connection?.write("GET /health HT");
      expect((await connection?.readAnswer())?.status).toBe(408);
      await connection?.readEnd();
    });
  });

  test("half-open connections don't pile up", async () => {
    const before = await openSockets(server);
    await withConnections(200, async (connections) => {
      for (const [index, connection] of connections.entries()) {
        if (index % 2 === 0) await connection.write("POST /api/v2/files/upload HTTP/1.1\r\nhost: te");
      }
      await expect.poll(() => openSockets(server)).toBeLessThanOrEqual(before + 5);
    });
  });
});

describe("a body that stands still", () => {
  const { contentType, body } = encodeForm([...textParts(fields), filePart(Buffer.alloc(2 * MiB))]);

  test("gets a 408 and the connection's end wherever it stands, and leaves nothing", async () => {
    const places = [0, body.indexOf("fileName") + 2, MiB, body.length - 1];
    await withConnections(places.length, async (connections) => {
      for (const [index, connection] of connections.entries()) {
        await connection.write(head(contentType, body.length));
        await connection.write(body.subarray(0, places[index]));
      }
      for (const connection of connections) {
        expectRefusal(refusalOf(await connection.readAnswer()), 408, "REQUEST_TIMEOUT");
        await connection.readEnd();
      }
    });
    await expect.poll(() => spoolFiles(server.dataDir)).toEqual([]);
  });

  test("behind its token has used the token up, and says that a retry is of no use", async () => {
    const token = mint(fields);
    const form = encodeForm([textPart("token", token), ...textParts(fields), filePart("the rest")]);
    await withConnections(1, async ([connection]) => {
      await connection?.write(head(form.contentType, form.body.length, "none"));
      await connection?.write(form.body.subarray(0, form.body.indexOf("the rest")));
      const answer = await connection?.readAnswer();
      expect(answer?.status).toBe(408);
      expect(answer?.headers["x-should-retry"]).toBe("false");
    });
    expectRefusal(await uploadWithToken(server.url, "hello", fields, token), 400, "TOKEN_USED");
  });

  test("after a refusal is given up, and the place among those that are read on is free again", async () => {
    await withConnections(4, async (connections) => {
      for (const connection of connections) {
        await connection.write(head("text/plain", 24 * MiB));
        expect((await connection.readAnswer()).status).toBe(400);
      }
      for (const connection of connections) await connection.readEnd();
    });
    await withConnections(1, async ([connection]) => {
      await connection?.write(head("text/plain", 24 * MiB));
      await connection?.write(Buffer.alloc(24 * MiB));
      expect((await connection?.readAnswer())?.status).toBe(400);
    });
  });
});

describe("an answer that nobody reads", () => {
  test("is cut off, and the file closed", async () => {
    const { body } = await uploadBasic(server.url, Buffer.alloc(24 * MiB), { fileName: "large.bin" });
    const blobs = async () =>
      (await openDescriptors(server)).filter((path) => path.includes(`${server.dataDir}/blobs/`)).length;
    await withConnections(20, async (connections) => {
      for (const connection of connections) {
        await connection.write(`GET ${new URL(body.url).pathname} HTTP/1.1\r\nhost: test\r\n\r\n`);
      }
      await expect.poll(blobs).toBeGreaterThan(0);
      await expect.poll(blobs).toBe(0);
      await expect
        .poll(() =>
          connections[0]?.write("x").then(
            () => "open",
            () => "closed",
          ),
        )
        .toBe("closed");
    });
    expect(alarmsOf(server)).toEqual([]);
  });
});

test("a file that is taken by drops is cut off as well", async () => {
  const strict = await startServerProcess({ flags: ["--limit", "stall-seconds=1,download-rate-bytes=2000000"] });
  try {
    const bytes = 24 * MiB;
    const { body } = await uploadBasic(strict.url, Buffer.alloc(bytes), { fileName: "large.bin" });
    const { hostname, port, pathname } = new URL(body.url);
    const socket = connect({ host: hostname, port: Number(port) });
    socket.write(`GET ${pathname} HTTP/1.1\r\nhost: test\r\n\r\n`);
    let taken = 0;
    let pauseMs = 300;
    socket.on("data", (chunk) => {
      taken += chunk.length;
      socket.pause();
      setTimeout(() => socket.resume(), pauseMs);
    });
    const isOpen = async () =>
      (await openDescriptors(strict)).some((path) => path.includes(`${strict.dataDir}/blobs/`));
    await expect.poll(isOpen).toBe(true);
    await expect.poll(isOpen).toBe(false);
    // Only the bytes that the kernel has buffered for the client still arrive.
    pauseMs = 0;
    await new Promise((resolve) => socket.once("close", resolve).on("error", () => undefined));
    expect(taken).toBeLessThan(bytes);
    expect(alarmsOf(strict)).toEqual([]);
  } finally {
    await strict.stop();
  }
});

test("whoever is quick is served all the while", async () => {
  await withConnections(50, async (connections) => {
    for (const connection of connections) await connection.write(head("multipart/form-data; boundary=b", 1000));
    expectStored(await uploadBasic(server.url, "hello", fields));
  });
});
