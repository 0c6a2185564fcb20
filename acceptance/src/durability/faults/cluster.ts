import { randomBytes } from "node:crypto";
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { dropDatabase, ensureDatabase } from "../../../../scripts/services/databases.ts";
import { type PrivatePostgres, startPostgres } from "../../../../scripts/services/postgres.ts";
import { type PrivateS3, startS3 } from "../../../../scripts/services/s3.ts";
import { sluice } from "../../harness/command.ts";
import { type Mount, mountTmpfs } from "../../harness/mount.ts";
import { type ServerProcess, startServerProcess } from "../../harness/server.ts";

/** The services that the faults are injected into. */
export interface Services {
  readonly database: PrivatePostgres;
  readonly store: PrivateS3;
  stop(): Promise<void>;
}

export async function startFaultyServices(): Promise<Services> {
  const database = await startPostgres({ durable: true });
  const store = await startS3().catch(async (error: unknown) => {
    await database.stop();
    throw error;
  });
  return {
    database,
    store,
    async stop() {
      await database.stop();
      await store.stop();
    },
  };
}

export interface ClusterOptions {
  readonly nodes: number;
  /** Host and port of the proxy between the nodes and PostgreSQL. */
  readonly databaseHost?: string;
  /** The endpoint of the proxy between the nodes and the gateway. */
  readonly endpoint?: string;
  /** The value for `--limit`. */
  readonly limits?: string;
  /** More flags for each node. */
  readonly flags?: readonly string[];
  /** The size of a separate file system for each node's spool. */
  readonly spoolSize?: string;
}

/** Complete nodes that share a database and a place in the bucket. */
export interface Cluster {
  /** The address on which each node listens now. */
  readonly urls: readonly string[];
  readonly dataDirs: readonly string[];
  kill(node: number): Promise<void>;
  /** Starts a killed node again, on its old folder and a new port. */
  restart(node: number): Promise<void>;
  /** Runs `sluice fsck --deep` directly on the services, without the proxies. @returns its output */
  fsck(): Promise<string>;
}

/** More frequent sweeps than anybody would configure, so that jobs are running when a fault happens. */
const standardLimits = "sweep-interval-seconds=2";

export async function withCluster(
  { database, store }: Services,
  options: ClusterOptions,
  use: (cluster: Cluster) => Promise<void>,
): Promise<void> {
  const {
    nodes: count,
    databaseHost,
    endpoint = store.endpoint,
    limits = standardLimits,
    spoolSize,
    flags: more = [],
  } = options;
  const name = `faults_${randomBytes(6).toString("hex")}`;
  await ensureDatabase(database.url, name);
  const folder = await mkdtemp(join(tmpdir(), "sluice-faults-"));
  const dataDirs = Array.from({ length: count }, (_, node) => join(folder, `node-${node}`));
  const databaseUrl = new URL(database.url);
  databaseUrl.pathname = name;
  const [place, parameters] = store.storageUrl.split("?");
  const directly = {
    ...store.environment,
    SLUICE_DATABASE_URL: databaseUrl.href,
    SLUICE_STORAGE_URL: `${place}/${name}?${parameters}`,
  };
  if (databaseHost !== undefined) databaseUrl.host = databaseHost;
  const environment = {
    ...directly,
    SLUICE_DATABASE_URL: databaseUrl.href,
    SLUICE_STORAGE_URL: directly.SLUICE_STORAGE_URL.replace(store.endpoint, endpoint),
  };
  const flags = ["--log-level", "fatal", "--limit", standardLimits, "--limit", limits, ...more];
  const start = (dataDir: string) => startServerProcess({ dataDir, flags, environment });
  const mounts: Mount[] = [];
  const nodes: ServerProcess[] = [];
  try {
    if (spoolSize !== undefined) {
      for (const dataDir of dataDirs) {
        await mkdir(join(dataDir, "spool"), { recursive: true });
        mounts.push(await mountTmpfs(join(dataDir, "spool"), spoolSize));
      }
    }
    for (const dataDir of dataDirs) nodes.push(await start(dataDir));
    await use({
      get urls() {
        return nodes.map(({ url }) => url);
      },
      dataDirs,
      kill: async (node) => nodes[node]?.kill(),
      async restart(node) {
        nodes[node] = await start(dataDirs[node] as string);
      },
      async fsck() {
        const args = ["fsck", "--deep", "--data-dir", join(folder, "fsck")];
        const { stdout, stderr } = await sluice(args, { environment: directly });
        return stdout + stderr;
      },
    });
  } finally {
    await Promise.all(nodes.map((node) => node.stop()));
    for (const mount of mounts) await mount.unmount();
    await dropDatabase(database.url, name);
    await rm(folder, { recursive: true, force: true });
  }
}
