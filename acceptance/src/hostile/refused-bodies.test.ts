import { afterAll, beforeAll, expect, test } from "vitest";
import { expectStored } from "../harness/expectations.ts";
import { RawConnection } from "../harness/raw-http.ts";
import { type RunningServer, startServer } from "../harness/server.ts";
import { uploadBasic } from "../harness/upload.ts";
import { alarmsOf } from "./support/alarms.ts";

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
    await third?.write(Buffer.alloc(64));
    await third?.readEnd();
    // The places were not given to those that came later.
    for (const connection of [first, second]) await connection?.write(Buffer.alloc(24 * MiB));
    for (const connection of [first, second]) {
      await connection?.write(refused(0));
      expect((await connection?.readAnswer())?.status).toBe(400);
    }
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
  for (let round = 0; round < 3; round++) {
    await withConnections(1, async ([connection]) => {
      await connection?.write(refused(24 * MiB));
      await connection?.write(Buffer.alloc(24 * MiB));
      expect((await connection?.readAnswer())?.status).toBe(400);
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
    // The plan's 300 MiB, and what arrives while the connection lingers.
    expect(megabytes).toBeGreaterThanOrEqual(300);
  });
  expect(alarmsOf(server)).toEqual([]);
});
