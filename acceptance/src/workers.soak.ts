import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdir, writeFile } from "node:fs/promises";
import { connect, createServer, type Socket } from "node:net";
import { setImmediate } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { spoolFiles, withTemporaryFolder } from "./harness/data-dir.ts";
import { demoLink } from "./harness/demo-page.ts";
import { expectStored } from "./harness/expectations.ts";
import { launch, sluiceCommand } from "./harness/launch.ts";
import { listen } from "./harness/listen.ts";
import { call } from "./harness/media-api.ts";
import { filePart, textParts } from "./harness/multipart.ts";
import { openUpload } from "./harness/open-upload.ts";
import { descendantsOf, isAlive, isOfMedia, killAll } from "./harness/processes.ts";
import { jpeg } from "./harness/samples.ts";
import { keys, type ServerProcess, startServerProcess } from "./harness/server.ts";
import { expectNothingLost, kindsOfRequests, startLoad } from "./harness/steady-load.ts";
import { basic, uploadBasic } from "./harness/upload.ts";
import { startWebhookReceiver } from "./harness/webhook-receiver.ts";
import { getAfresh, metricsOf, processesIn, workersOf } from "./harness/worker-processes.ts";

const MiB = 1024 * 1024;
const flags = ["--workers", "3", "--log-level", "error"];

describe("while it runs", () => {
  let server: ServerProcess;
  beforeAll(async () => {
    server = await startServerProcess({ flags });
  });
  afterAll(() => server?.stop());

  test("there is a process for each worker when it says that it is ready, and all of them answer", async () => {
    expect(workersOf(server)).toHaveLength(3);
    for (let count = 0; count < 6; count++) {
      expect(await getAfresh(`${server.url}/health`)).toMatchObject({ status: 200 });
    }
    const metrics = await metricsOf(server.url);
    expect(processesIn(metrics)).toEqual(["1", "2", "3", "supervisor"]);
    const { nodes } = (await call(server.url, "GET", "/_sluice/health")).body;
    expect(nodes).toMatchObject([{ state: "ok" }]);
  });

  test("whichever process is asked for metrics, it tells those of all: uploads, commits and memory", async () => {
    const before = await metricsOf(server.url);
    for (let count = 0; count < 12; count++) {
      const upload = openUpload(server.url, [...textParts({ fileName: "a.txt" }), filePart(`content ${count}`)], {
        headers: { authorization: basic, connection: "close" },
      });
      upload.finish();
      expectStored(await upload.answer);
    }
    const stored = { outcome: "stored" };
    for (let count = 0; count < 4; count++) {
      const after = await metricsOf(server.url);
      expect(after.sum("sluice_uploads_total", stored) - before.sum("sluice_uploads_total", stored)).toBe(12);
      // Each upload has its own connection, and connections are dealt out in turn.
      for (const process of ["1", "2", "3"]) {
        expect(after.sum("sluice_commits_total", { process })).toBeGreaterThan(0);
      }
      expect(after.sum("process_resident_memory_bytes")).toBeGreaterThan(4 * 40 * MiB);
    }
  });

  test("an image is made by each process once at most, and by none that finds it on the disk", async () => {
    const { body } = await uploadBasic(server.url, await jpeg(60, 40), { fileName: "made.jpg" });
    const ask = (width: number) => getAfresh(`${server.url}/demo${body.filePath}?tr=w-${width}`);
    const made = async () => (await metricsOf(server.url)).sum("sluice_derived_images_total", { source: "made" });
    const before = await made();
    await Promise.all(Array.from({ length: 24 }, () => ask(10)));
    expect((await made()) - before).toBeLessThanOrEqual(3);
    for (let count = 0; count < 6; count++) await ask(10);
    const after = await made();
    for (let count = 0; count < 24; count++) expect(await ask(10)).toMatchObject({ status: 200 });
    expect(await made()).toBe(after);
  });

  test("what has been answered of a change holds at once in every process, for images that they remember", async () => {
    const place = { fileName: "changed.jpg", useUniqueFileName: "false" };
    const { body } = await uploadBasic(server.url, await jpeg(60, 40), place);
    const ask = (times: number) =>
      Promise.all(Array.from({ length: times }, () => getAfresh(`${server.url}/demo${body.filePath}?tr=w-12`)));
    const publish = (isPublished: boolean) =>
      call(server.url, "PATCH", `/v1/files/${body.fileId}/details`, { body: { publish: { isPublished } } });
    const bodies = new Set<string>();
    for (const height of [20, 30, 50]) {
      // Each process answers its third request from its cache.
      for (let count = 0; count < 4; count++) for (const { status } of await ask(6)) expect(status).toBe(200);
      await publish(false);
      for (const { status } of await ask(6)) expect(status).toBe(404);
      await publish(true);
      for (const answer of await ask(6)) bodies.add(`${answer.status} ${answer.body}`);
      await uploadBasic(server.url, await jpeg(60, height), place);
    }
    expect(bodies.size).toBe(3);
  });

  test("every process takes the secret of the demo's link, which is printed once", async () => {
    const secret = (await demoLink(server)).split("#secret=")[1] ?? "";
    const body = JSON.stringify({ uploadPayload: { fileName: "a.txt" }, expire: 60, publicKey: keys.publicKey });
    const ask = (given: string) =>
      fetch(`${server.url}/_sluice/demo/token`, {
        method: "POST",
        headers: { connection: "close", "x-sluice-demo": given },
        body,
      });
    for (let count = 0; count < 6; count++) expect((await ask(secret)).status).toBe(200);
    expect((await ask("")).status).toBe(403);
  });

  test("jobs run once, in the process that answers no requests", async () => {
    const done = async () => (await metricsOf(server.url)).samples("sluice_jobs_total");
    await expect.poll(done).not.toEqual([]);
    for (const { value } of await done()) expect(value).toBe(1);
  });
});

test("metrics on a port of their own are those of all processes, and the other port doesn't know them", async () => {
  const server = await startServerProcess({ flags: [...flags, "--metrics-port", "0"] });
  try {
    // The line comes after the one that tells that the server is ready.
    const line = /^ {2}metrics +(\S+)\/metrics$/m;
    await expect.poll(server.output).toMatch(line);
    const [, own = ""] = line.exec(server.output()) ?? [];
    expect((await getAfresh(`${server.url}/metrics`)).status).toBe(404);
    expectStored(await uploadBasic(server.url, "told", { fileName: "told.txt" }));
    const metrics = await metricsOf(own);
    expect(processesIn(metrics)).toEqual(["1", "2", "3", "supervisor"]);
    expect(metrics.sum("sluice_uploads_total")).toBe(1);
    const timed = (operation: string) => metrics.sum("sluice_database_seconds_count", { operation });
    expect(timed("transaction")).toBeGreaterThanOrEqual(metrics.sum("sluice_commits_total"));
    expect(timed("read")).toBeGreaterThan(0);
    const disks = metrics.samples("sluice_disk_free_bytes").map(({ labels }) => labels.folder);
    expect(disks).toEqual(expect.arrayContaining(["data", "spool"]));
    expect(new Set(disks).size).toBe(disks.length);
  } finally {
    await server.stop();
  }
});

test("what bounds all processes together is divided among them", async () => {
  const server = await startServerProcess({ flags: [...flags, "--limit", "uploads=3,wait-seconds=0"] });
  const open = () => {
    const upload = openUpload(server.url, [...textParts({ fileName: "a.txt" }), filePart("x".repeat(MiB))], {
      headers: { authorization: basic, connection: "close" },
    });
    return { upload, sent: upload.sendUntil("fileName") };
  };
  try {
    const uploads = Array.from({ length: 6 }, open);
    await Promise.all(uploads.map(({ sent }) => sent));
    const refused = (await metricsOf(server.url)).sum.bind(null, "sluice_uploads_total");
    await expect.poll(async () => (await metricsOf(server.url)).sum("sluice_uploads_total")).toBe(3);
    expect(refused({ outcome: "stored" })).toBe(0);
    for (const { upload } of uploads) upload.finish();
    const answers = await Promise.all(uploads.map(({ upload }) => upload.answer));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 200, 200, 503, 503, 503]);
  } finally {
    await server.stop();
  }
});

test("a signal replaces all processes under load: no request fails, nothing is lost, and new settings are in force", async () => {
  const receiver = await startWebhookReceiver();
  await withTemporaryFolder(async (folder) => {
    const args = ["serve", "--port", "0", "--data-dir", `${folder}/data`, "--workers", "2", "--allow-private-networks"];
    const configured = [
      "--public-key",
      keys.publicKey,
      "--private-key",
      keys.privateKey,
      "--webhook-url",
      receiver.url,
    ];
    const server = await launch(process.execPath, [...sluiceCommand, ...args, ...configured], { cwd: folder });
    const before = workersOf(server);
    const load = await startLoad(server.url, { pauseMs: 30 });
    try {
      expect((await getAfresh(`${server.url}/_sluice/demo`)).status).toBe(200);
      await writeFile(`${folder}/.env`, "SLUICE_DEMO=off\n");
      const stored = async () => (await metricsOf(server.url)).sum("sluice_uploads_total", { outcome: "stored" });
      await expect.poll(stored).toBeGreaterThan(3);
      server.process.kill("SIGUSR2");
      await expect.poll(server.output, { timeout: 40_000 }).toContain("all workers have been restarted");
      const result = await load.stop();
      await expectNothingLost(server.url, result, receiver);
      expect(Object.keys(result.answered).sort()).toEqual([...kindsOfRequests].sort());
      expect(workersOf(server).filter((pid) => before.includes(pid))).toEqual([]);
      expect((await getAfresh(`${server.url}/_sluice/demo`)).status).toBe(404);
      // What the old processes have counted is still told.
      expect(await stored()).toBe(result.stored.length);
    } finally {
      await load.stop();
      server.process.kill("SIGTERM");
      expect(await server.exited).toBe(0);
      await receiver.close();
    }
  });
});

/** Opens one upload for each worker, on connections that are dealt out in turn. */
async function openUploads(server: Pick<ServerProcess, "url" | "dataDir">) {
  const content = Buffer.concat([Buffer.alloc(2 * MiB, 0x61), Buffer.from("the rest"), Buffer.alloc(MiB, 0x62)]);
  const uploads = Array.from({ length: 3 }, (_, index) =>
    openUpload(server.url, [...textParts({ fileName: `${index}.bin` }), filePart(content)], {
      headers: { authorization: basic },
    }),
  );
  await Promise.all(uploads.map((upload) => upload.sendUntil("the rest")));
  await expect.poll(() => spoolFiles(server.dataDir)).toHaveLength(3);
  return uploads;
}

test("SIGTERM to npm's pid lets the uploads of all processes finish, exits with 0 and leaves no process", async () => {
  await withTemporaryFolder(async (dataDir) => {
    const environment = {
      SLUICE_PORT: "0",
      SLUICE_WORKERS: "3",
      SLUICE_DATA_DIR: dataDir,
      SLUICE_PUBLIC_KEY: keys.publicKey,
      SLUICE_PRIVATE_KEY: keys.privateKey,
    };
    const npm = await launch("npm", ["start"], { environment });
    const { pid = 0 } = npm.process;
    const [, ...workers] = descendantsOf(pid).filter((member) => !isOfMedia(member));
    const family = [pid, ...descendantsOf(pid)];
    try {
      expect(workers).toHaveLength(3);
      const uploads = await openUploads({ url: npm.url, dataDir });
      // A terminal or a service manager signals all processes. Workers must not end before the supervisor, which npm
      // signals, tells them to.
      for (const member of [...workers, pid]) process.kill(member, "SIGTERM");
      await expect.poll(() => fetch(`${npm.url}/health`).catch(() => "refused")).toBe("refused");
      for (const upload of uploads) upload.finish();
      for (const upload of uploads) expectStored(await upload.answer);
      expect(await npm.exited).toBe(0);
      await expect.poll(() => family.filter(isAlive)).toEqual([]);
      expect(await spoolFiles(dataDir)).toEqual([]);
    } finally {
      killAll(family);
    }
  });
});

/**
 * Opens connections one after another until the server refuses one. Each sends a request at once and is added to
 * `sockets`.
 */
async function connectUntilRefused(url: string, sockets: Socket[]): Promise<void> {
  const { hostname, port } = new URL(url);
  for (;;) {
    const socket = connect(Number(port), hostname).on("error", () => undefined);
    socket.resume().write("GET /health HTTP/1.1\r\nhost: a\r\n\r\n");
    try {
      await once(socket, "connect");
    } catch {
      return;
    }
    sockets.push(socket);
  }
}

test("a connection that comes while the processes stop listening is answered or closed, and does not wait for their end", async () => {
  const server = await startServerProcess({ flags });
  const uploads = await openUploads(server);
  const sockets: Socket[] = [];
  const refused = [connectUntilRefused(server.url, sockets), connectUntilRefused(server.url, sockets)];
  // Waits for the first connection, because on a busy machine a process may stop listening before it is made.
  while (sockets.length === 0) await setImmediate();
  const exited = server.stop();
  try {
    await Promise.all(refused);
    await expect.poll(() => sockets.filter((socket) => !socket.closed).length).toBe(0);
    for (const upload of uploads) upload.finish();
    for (const upload of uploads) expectStored(await upload.answer);
    expect(await exited).toBe(0);
  } finally {
    for (const upload of uploads) upload.abort();
    await exited;
  }
});

test("uploads that don't finish within the limit of the shutdown are cut off, and the exit code is 0 all the same", async () => {
  await withTemporaryFolder(async (dataDir) => {
    const server = await startServerProcess({ dataDir, flags: [...flags, "--limit", "shutdown-seconds=1"] });
    const uploads = await openUploads(server);
    const asked = performance.now();
    expect(await server.stop()).toBe(0);
    expect(performance.now() - asked).toBeLessThan(15_000);
    await Promise.all(uploads.map((upload) => expect(upload.answer).rejects.toThrow()));
    expect(await readdir(`${dataDir}/spool`)).toEqual([]);
  });
});

test("while a start waits for its database its health says so, and SIGTERM ends all of its processes, of which nothing is left", async () => {
  const database = await listen(createServer(() => undefined));
  try {
    await withTemporaryFolder(async (folder) => {
      const url = `postgres://sluice:secret@127.0.0.1:${database.port}/sluice`;
      const data = ["--data-dir", `${folder}/data`, "--database-url", url];
      const args = ["serve", "--port", "0", ...data, "--workers", "2", "--log-level", "debug"];
      const child = spawn(process.execPath, [...sluiceCommand, ...args], { cwd: folder });
      const exited = once(child, "exit");
      let output = "";
      for (const stream of [child.stdout, child.stderr]) {
        stream.setEncoding("utf8").on("data", (text: string) => {
          output += text;
        });
      }
      const family = () => [child.pid ?? 0, ...descendantsOf(child.pid ?? 0)];
      let started: number[] = [];
      try {
        await expect.poll(() => output.match(/"port":\d+/g) ?? []).toHaveLength(2);
        const [, port] = /"port":(\d+)/.exec(output) ?? [];
        for (let count = 0; count < 4; count++) {
          const { status, body } = await getAfresh(`http://127.0.0.1:${port}/health`);
          expect({ status, body: JSON.parse(body) }).toMatchObject({
            status: 503,
            body: { checks: { server: "starting" } },
          });
        }
        started = family();
        child.kill("SIGTERM");
        expect(await exited, output).toEqual([0, null]);
        await expect.poll(() => started.filter(isAlive)).toEqual([]);
        expect(await readdir(folder)).toEqual([]);
      } finally {
        killAll(started.length === 0 ? family() : started);
      }
    });
  } finally {
    await database.close();
  }
});

test("the first start makes one pair of keys, and tells of it once", async () => {
  await withTemporaryFolder(async (folder) => {
    const args = [...sluiceCommand, "serve", "--port", "0", "--data-dir", `${folder}/data`, "--workers", "3"];
    const server = await launch(process.execPath, args, { cwd: folder });
    try {
      await expect.poll(server.output).toContain("demo page");
      expect(server.output().match(/private key/g)).toHaveLength(1);
      expect(server.output()).toContain(`  private key    in ${folder}/data/private-key-demo.txt\n`);
      expect(server.output().match(/Sluice is ready/g)).toHaveLength(1);
    } finally {
      server.process.kill("SIGTERM");
      expect(await server.exited).toBe(0);
    }
  });
});

test("one worker is the same single process as without the setting", async () => {
  const server = await startServerProcess({ flags: ["--workers", "1"] });
  try {
    // A tool that is just being started still looks like the server.
    await expect.poll(() => workersOf(server)).toEqual([]);
    expectStored(await uploadBasic(server.url, "hello", { fileName: "a.txt" }));
    expect(processesIn(await metricsOf(server.url))).toEqual(["1"]);
  } finally {
    await server.stop();
  }
});
