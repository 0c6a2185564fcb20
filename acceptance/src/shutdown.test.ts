import { once } from "node:events";
import { Agent, type IncomingMessage, request } from "node:http";
import { createServer } from "node:net";
import { json } from "node:stream/consumers";
import { expect, test } from "vitest";
import { spoolFiles, withTemporaryFolder } from "./harness/data-dir.ts";
import { engineSettings, prepareEngines } from "./harness/engines.ts";
import { expectStored } from "./harness/expectations.ts";
import { type LaunchedServer, launch } from "./harness/launch.ts";
import { fetchOriginal } from "./harness/library.ts";
import { filePart, textPart, textParts } from "./harness/multipart.ts";
import { openUpload } from "./harness/open-upload.ts";
import { basicFor } from "./harness/private-key.ts";
import { descendantsOf, isAlive, killAll } from "./harness/processes.ts";
import { RawConnection } from "./harness/raw-http.ts";
import { keys, type ServerProcess, startServerProcess } from "./harness/server.ts";
import { mint, uploadWithToken } from "./harness/upload.ts";

const MiB = 1024 * 1024;
const fields = { fileName: "in-flight.bin" } as const;
const content = Buffer.concat([Buffer.alloc(2 * MiB, 0x61), Buffer.from("the rest"), Buffer.alloc(MiB, 0x62)]);

/** Opens an upload that is half-way when the server is told to end. */
async function openHalfUpload(server: Pick<ServerProcess, "url" | "dataDir">, agent?: Agent) {
  const parts = [filePart(content), ...textParts(fields), textPart("token", mint(fields))];
  const upload = openUpload(server.url, parts, agent === undefined ? {} : { agent });
  await upload.sendUntil("the rest");
  await expect.poll(() => spoolFiles(server.dataDir)).toHaveLength(1);
  return upload;
}

/** Expects the server to take nothing new: it refuses connections, or its health check says it is shutting down. */
async function expectDraining(url: string): Promise<void> {
  const health = () =>
    fetch(`${url}/health`).then(
      ({ status }) => status,
      () => "refused" as const,
    );
  await expect.poll(health).toSatisfy((answer) => answer === 503 || answer === "refused");
}

async function expectPortFree(url: string): Promise<void> {
  const listener = createServer().listen(Number(new URL(url).port), "127.0.0.1");
  await once(listener, "listening");
  listener.close();
  await once(listener, "close");
}

function environmentFor(dataDir: string): Record<string, string> {
  return {
    ...engineSettings(dataDir),
    SLUICE_PORT: "0",
    SLUICE_DATA_DIR: dataDir,
    SLUICE_PUBLIC_KEY: keys.publicKey,
    SLUICE_PRIVATE_KEY: keys.privateKey,
  };
}

test("SIGTERM to npm's pid alone: the upload in flight finishes, exit code 0, port free, no process left", async () => {
  await withTemporaryFolder(async (dataDir) => {
    await prepareEngines(dataDir);
    const npm: LaunchedServer = await launch("npm", ["start"], { environment: environmentFor(dataDir) });
    const { pid = 0 } = npm.process;
    const family = [pid, ...descendantsOf(pid)];
    try {
      expect(family.length).toBeGreaterThan(1);
      const upload = await openHalfUpload({ url: npm.url, dataDir });
      process.kill(pid, "SIGTERM");
      await expectDraining(npm.url);
      upload.finish();
      const answer = await upload.answer;
      expectStored(answer);
      expect(await npm.exited).toBe(0);
      await expectPortFree(npm.url);
      await expect.poll(() => family.filter(isAlive)).toEqual([]);
      expect(await spoolFiles(dataDir)).toEqual([]);

      const again = await startServerProcess({ dataDir });
      try {
        expect(content.equals(await fetchOriginal(again.url, answer.body.url))).toBe(true);
      } finally {
        await again.stop();
      }
    } finally {
      killAll(family);
    }
  });
});

test.each(["SIGTERM", "SIGINT"] as const)(
  "%s to the server itself does the same, without waiting for a client that keeps its connection",
  async (signal) => {
    await withTemporaryFolder(async (dataDir) => {
      const server = await startServerProcess({ dataDir });
      const agent = new Agent({ keepAlive: true });
      try {
        const upload = await openHalfUpload(server, agent);
        server.process.kill(signal);
        await expectDraining(server.url);
        upload.finish();
        expectStored(await upload.answer);
        const answered = performance.now();
        expect(await server.exited).toBe(0);
        expect(performance.now() - answered).toBeLessThan(10_000);
        await expectPortFree(server.url);
      } finally {
        agent.destroy();
        await server.kill();
      }
    });
  },
);

test("an upload that does not finish within the limit is cut off, and the exit code is 0 all the same", async () => {
  await withTemporaryFolder(async (dataDir) => {
    const server = await startServerProcess({ dataDir, flags: ["--limit", "shutdown-seconds=1"] });
    try {
      const upload = await openHalfUpload(server);
      server.process.kill("SIGTERM");
      await expect(upload.answer).rejects.toThrow();
      expect(await server.exited).toBe(0);
      expect(await spoolFiles(dataDir)).toEqual([]);
    } finally {
      await server.kill();
    }
  });
});

test("with a drain delay, a server says that it leaves and goes on answering, on connections that end with each answer", async () => {
  const server = await startServerProcess({ flags: ["--drain-delay", "3"] });
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const ask = async (path: string) => {
    const [answer] = (await once(request(`${server.url}${path}`, { agent }).end(), "response")) as [IncomingMessage];
    const { statusCode: status, headers } = answer;
    return { status, connection: headers.connection, retryAfter: headers["retry-after"], body: await json(answer) };
  };
  try {
    expect(await ask("/health")).toMatchObject({ status: 200, connection: "keep-alive" });
    const asked = performance.now();
    server.process.kill("SIGTERM");
    await expect
      .poll(() => ask("/health"))
      .toMatchObject({ status: 503, connection: "close", retryAfter: "1", body: { checks: { server: "draining" } } });
    expect(await ask("/health/live")).toMatchObject({ status: 200, connection: "close" });
    expectStored(await uploadWithToken(server.url, "late", { fileName: "late.txt" }));
    expect(await server.exited).toBe(0);
    expect(performance.now() - asked).toBeGreaterThan(2900);
  } finally {
    agent.destroy();
    await server.stop();
  }
  // A person at a terminal doesn't wait, so the test doesn't either.
  const impatient = await startServerProcess({ flags: ["--drain-delay", "3600"] });
  impatient.process.kill("SIGINT");
  expect(await impatient.exited).toBe(0);
  await impatient.stop();
});

test("a server with nothing to do ends at once, even while clients keep idle connections open", async () => {
  const server = await startServerProcess();
  for (let count = 0; count < 3; count++) await (await fetch(`${server.url}/health`)).text();
  // As browsers do, it opens a connection ahead of a request that doesn't come.
  const unused = await RawConnection.open(server.url);
  const asked = performance.now();
  expect(await server.stop()).toBe(0);
  expect(performance.now() - asked).toBeLessThan(10_000);
  unused.destroy();
});

test("a server that is still reading away what it refused ends as soon as that has come", async () => {
  const server = await startServerProcess();
  const connection = await RawConnection.open(server.url);
  try {
    const head = ["POST /api/v1/files/upload HTTP/1.1", "host: uploads.test", `authorization: ${basicFor("wrong")}`];
    const body = ["content-type: multipart/form-data; boundary=b", `content-length: ${MiB}`];
    await connection.write(`${[...head, ...body].join("\r\n")}\r\n\r\n--b`);
    expect((await connection.readAnswer()).status).toBe(403);
    const begun = performance.now();
    const stopped = server.stop();
    await expectDraining(server.url);
    await connection.write(Buffer.alloc(MiB - 3));
    expect(await stopped).toBe(0);
    expect(performance.now() - begun).toBeLessThan(10_000);
  } finally {
    connection.destroy();
    await server.stop();
  }
});
