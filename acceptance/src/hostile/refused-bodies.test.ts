import { afterAll, beforeAll, expect, test } from "vitest";
import { expectRefusal, expectStored } from "../harness/expectations.ts";
import { RawConnection } from "../harness/raw-http.ts";
import { type RunningServer, startServer } from "../harness/server.ts";
import { basic, uploadBasic } from "../harness/upload.ts";
import { alarmsOf } from "./support/alarms.ts";
import { withStrangers } from "./support/strangers.ts";

const MiB = 1024 * 1024;

let server: RunningServer;
beforeAll(async () => {
  server = await startServer({ flags: ["--limit", "drains=2"] });
});
afterAll(() => server?.stop());

function refused(length: number, ...headers: string[]): string {
  const lines = ["host: test", "content-type: text/plain", `content-length: ${length}`, ...headers];
  return `POST /api/v2/files/upload HTTP/1.1\r\n${lines.join("\r\n")}\r\n\r\n`;
}

async function withConnections(count: number, use: (connections: RawConnection[]) => Promise<void>): Promise<void> {
  const connections = await Promise.all(Array.from({ length: count }, () => RawConnection.open(server.url)));
  try {
    await use(connections);
  } finally {
    for (const connection of connections) connection.destroy();
  }
}

test.each([
  ["asks for the connection's end", "connection: close"],
  ["keeps the connection", "connection: keep-alive"],
])("a client that %s and reads after its last byte alone gets the answer", async (_what, header) => {
  await withConnections(1, async ([connection]) => {
    await connection?.write(refused(24 * MiB, header));
    await connection?.write(Buffer.alloc(24 * MiB));
    expect((await connection?.readAnswer())?.status).toBe(400);
    if (header === "connection: close") await connection?.readEnd();
  });
});

test("no more bodies are read on at once than may be, however many answers are out", async () => {
  await withConnections(3, async ([first, second, third]) => {
    for (const connection of [first, second, third]) {
      await connection?.write(refused(24 * MiB));
      expect((await connection?.readAnswer())?.status).toBe(400);
    }
    // The server may have ended this connection before it has the bytes.
    await third?.write(Buffer.alloc(64)).catch(() => undefined);
    await third?.readEnd();
    // Later connections did not take over the places.
    for (const connection of [first, second]) await connection?.write(Buffer.alloc(24 * MiB));
    for (const connection of [first, second]) {
      await connection?.write(refused(0));
      expect((await connection?.readAnswer())?.status).toBe(400);
    }
  });
});

test("an address that has all the places in which bodies are read on leaves one to another", async () => {
  const hoarders = { addresses: 1, connections: 2, send: refused(24 * MiB) };
  await withStrangers(server.url, hoarders, async ([first, second]) => {
    for (const connection of [first, second]) expect((await connection?.readAnswer())?.status).toBe(400);
    await withConnections(1, async ([connection]) => {
      // A body that is read to its end leaves the connection open for the next request.
      for (const length of [24 * MiB, 0]) {
        await connection?.write(refused(length));
        await connection?.write(Buffer.alloc(length));
        expect((await connection?.readAnswer())?.status).toBe(400);
      }
    });
    await first?.write(Buffer.alloc(64));
    await first?.readEnd();
  });
});

test("clients that leave in the middle take no place with them", async () => {
  await withConnections(20, async (connections) => {
    for (const connection of connections) await connection.write(refused(24 * MiB));
    for (const connection of connections) {
      expect((await connection.readAnswer()).status).toBe(400);
      connection.destroy();
    }
  });
  // These connections are gone before there is anything to answer.
  const lines = [`authorization: ${basic}`, "content-type: multipart/form-data; boundary=b", "content-length: 1000"];
  await withConnections(20, async (connections) => {
    for (const connection of connections) {
      await connection.write(`POST /api/v2/files/upload HTTP/1.1\r\nhost: test\r\n${lines.join("\r\n")}\r\n\r\n--b`);
    }
  });
  await expect
    .poll(async () => (await fetch(`${server.url}/metrics`)).text())
    .toMatch(/^sluice_uploads_total\{outcome="aborted"\} 20$/m);
  for (let round = 0; round < 3; round++) {
    await withConnections(1, async ([connection]) => {
      // A body that is given up ends the connection. A body read to its end leaves it open for the next request.
      for (const length of [24 * MiB, 0]) {
        await connection?.write(refused(length));
        await connection?.write(Buffer.alloc(length));
        expect((await connection?.readAnswer())?.status).toBe(400);
      }
    });
  }
  expectStored(await uploadBasic(server.url, "hello", { fileName: "after.txt" }));
});

test("one that sends on and on is read no further than the largest file, without a word in the log", async () => {
  await withConnections(1, async ([connection]) => {
    await connection?.write(refused(4 * 1024 * MiB));
    const sent = Buffer.alloc(MiB);
    let megabytes = 0;
    const sending = (async () => {
      for (; megabytes < 4096; megabytes++) await connection?.write(sent);
    })();
    await expect(sending).rejects.toThrow();
    // The plan's 300 MiB, plus the bytes that arrive while the connection lingers.
    expect(megabytes).toBeGreaterThanOrEqual(300);
  });
  expect(alarmsOf(server)).toEqual([]);
});

test.each([1, 2])("a file at twice its limit without V%i credentials is answered before its end", async (version) => {
  const small = await startServer({ flags: ["--max-file-size", "100000", "--max-video-size", "100000"] });
  const connection = await RawConnection.open(small.url);
  try {
    const part = '--b\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\n';
    const head = "host: test\r\ncontent-type: multipart/form-data; boundary=b\r\ntransfer-encoding: chunked";
    await connection.write(`POST /api/v${version}/files/upload HTTP/1.1\r\n${head}\r\n\r\n`);
    await connection.write(`${part.length.toString(16)}\r\n${part}\r\n40000\r\n`);
    // The end of the chunk never comes.
    await connection.write(Buffer.alloc(250_000));
    const answer = await connection.readAnswer();
    expectRefusal({ status: answer.status, body: JSON.parse(answer.text) }, 400, "FILE_TOO_LARGE");
  } finally {
    connection.destroy();
    await small.stop();
  }
});
