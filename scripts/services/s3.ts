import { type ChildProcess, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { CreateBucketCommand, S3Client } from "@aws-sdk/client-s3";
import {
  addUser,
  admitStorage,
  configOf,
  type DaemonName,
  daemons,
  type Keys,
  prepareCluster,
  workingFolder,
} from "./ceph-cluster.ts";
import type { RunningService, Service } from "./service.ts";
import { spawnDaemon } from "./spawn-daemon.ts";

export const s3: Service = {
  name: "S3",
  variable: "SLUICE_TEST_S3_URL",
  requirements: [
    { program: "radosgw", debianPackage: "radosgw", projects: [] },
    { program: "ceph-mon", debianPackage: "ceph-mon", projects: [] },
    { program: "ceph-osd", debianPackage: "ceph-osd", projects: [] },
    { program: "ceph", debianPackage: "ceph-common", projects: [] },
  ],
  projects: ["acceptance-engines", "acceptance-cluster", "acceptance-console-cluster"],
  start: startS3,
};

const limitMs = 60_000;
const bucket = "sluice-test";

/** These keys open only a store that exists as long as the tests run. */
const testKeys: Keys = { accessKeyId: "test-access-key", secretAccessKey: "test-secret-key" };

/** A real S3 service on loopback, empty except for one bucket: Ceph's gateway over a cluster in memory. */
export interface PrivateS3 extends RunningService {
  /** The value for `--storage-url`. Tests add their own prefixes. */
  readonly storageUrl: string;
  readonly endpoint: string;
  readonly bucket: string;
  /** The folder with all of the service's data and logs. */
  readonly folder: string;
  readonly keys: Keys;
  /** Signals the process that speaks HTTP. SIGSTOP makes it hang, SIGCONT lets it go on. */
  signalGateway(signal: NodeJS.Signals): void;
  /** Causes an outage. The objects stay. */
  killGateway(): Promise<void>;
  startGateway(): Promise<void>;
}

/** Returns what this machine lacks for the service, in a few words; undefined if nothing. */
export function s3Problem(): string | undefined {
  const missing = s3.requirements.find(({ program }) => spawnSync(program, ["--version"]).status !== 0);
  return missing && `${missing.program} (Debian's package ${missing.debianPackage}) is not installed`;
}

/** Takes about two seconds. Needs Debian's packages radosgw, ceph-mon, ceph-osd and ceph-common. */
export async function startS3(): Promise<PrivateS3> {
  const folder = await mkdtemp(join(tmpdir(), "sluice-s3-"));
  const gatewayPort = await freePorts();
  const endpoint = `http://127.0.0.1:${gatewayPort}`;
  const running = new Map<DaemonName, ChildProcess>();

  const start = (name: DaemonName): void => {
    const [program, ...args] = daemons[name];
    const child = spawnDaemon(program, ["-c", configOf(folder), ...args], {
      cwd: workingFolder,
      stdio: "ignore",
      whenOrphaned: "KILL",
    });
    // The code that waits for the daemon reports what went wrong.
    child.on("error", () => undefined);
    running.set(name, child);
  };
  const end = async (name: DaemonName): Promise<void> => {
    const child = running.get(name);
    running.delete(name);
    if (child?.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
    // Objects in memory need no clean shutdown.
    const ended = once(child, "exit");
    child.kill("SIGKILL");
    await ended;
  };
  const killAll = (): void => {
    for (const child of running.values()) child.kill("SIGKILL");
  };
  const startGateway = async (): Promise<void> => {
    start("gateway");
    await until(() => answers(endpoint), "the gateway");
  };
  const stop = async (): Promise<void> => {
    process.off("exit", killAll);
    for (const name of ["gateway", "storage", "monitor"] as const) await end(name);
    await rm(folder, { recursive: true, force: true });
  };

  process.on("exit", killAll);
  try {
    await prepareCluster({ folder, gatewayPort, monitorPort: gatewayPort + 1 }, limitMs);
    start("monitor");
    await admitStorage(folder, limitMs);
    start("storage");
    await addUser(folder, testKeys, limitMs);
    await startGateway();
    await makeBucket(endpoint);
  } catch (error) {
    const logs = await lastLines(join(folder, "log"));
    await stop();
    throw new Error(`S3 could not be started${logs}`, { cause: error });
  }
  const storageUrl = `s3://${bucket}?endpoint=${endpoint}&region=us-east-1&forcePathStyle=true`;
  return {
    storageUrl,
    endpoint,
    bucket,
    folder,
    keys: testKeys,
    environment: {
      SLUICE_TEST_S3_URL: storageUrl,
      AWS_ACCESS_KEY_ID: testKeys.accessKeyId,
      AWS_SECRET_ACCESS_KEY: testKeys.secretAccessKey,
    },
    signalGateway: (signal) => running.get("gateway")?.kill(signal),
    killGateway: () => end("gateway"),
    startGateway,
    stop,
  };
}

/**
 * The first of some sixty ports, of which at least the first two are free. They are below the range that the system
 * uses for outgoing connections.
 */
async function freePorts(): Promise<number> {
  for (;;) {
    const first = 12_000 + Math.floor(Math.random() * 200) * 100;
    if ((await isFree(first)) && (await isFree(first + 1))) return first;
  }
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer();
  try {
    await once(server.listen(port, "127.0.0.1"), "listening");
    return true;
  } catch {
    return false;
  } finally {
    server.close();
  }
}

async function answers(endpoint: string): Promise<boolean> {
  try {
    return (await fetch(endpoint, { signal: AbortSignal.timeout(2000) })).ok;
  } catch {
    return false;
  }
}

async function makeBucket(endpoint: string): Promise<void> {
  const client = new S3Client({ endpoint, region: "us-east-1", forcePathStyle: true, credentials: testKeys });
  try {
    await client.send(new CreateBucketCommand({ Bucket: bucket }));
  } finally {
    client.destroy();
  }
}

async function until(isSo: () => Promise<boolean>, what: string): Promise<void> {
  const end = performance.now() + limitMs;
  while (!(await isSo())) {
    if (performance.now() > end) throw new Error(`${what} does not answer`);
    await sleep(50);
  }
}

async function lastLines(folder: string): Promise<string> {
  const names = await readdir(folder).catch(() => []);
  const texts = await Promise.all(names.map((name) => readFile(join(folder, name), "utf8")));
  return texts.map((text, n) => `\n${names[n]}:\n${text.split("\n").slice(-6).join("\n")}`).join("");
}
