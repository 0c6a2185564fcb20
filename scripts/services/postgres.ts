import { type ChildProcess, execFile, spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { chmod, chown, mkdtemp, open, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import pg from "pg";
import { freePort } from "./free-port.ts";
import { findPostgresPrograms, postgresOwner } from "./postgres-programs.ts";
import type { RunningService, Service } from "./service.ts";
import { spawnDaemon } from "./spawn-daemon.ts";

export const postgres: Service = {
  name: "PostgreSQL",
  variable: "DATABASE_URL",
  requirements: [{ program: "PostgreSQL", debianPackage: "postgresql", find: findPostgresPrograms, projects: [] }],
  projects: ["acceptance-engines", "acceptance-cluster", "acceptance-console-cluster"],
  start: () => startPostgres(),
};

export interface PrivatePostgres extends RunningService {
  /** The server's URL, with a superuser's name and password. */
  readonly url: string;
  /** Ends the server and cuts off its connections: "fast" like an operator's restart, "immediate" like a crash. */
  halt(how?: "fast" | "immediate"): Promise<void>;
  /** Starts the server again, on the same port with the same data. */
  resume(): Promise<void>;
  /** Signals each of the server's processes. SIGSTOP makes the server hang, SIGCONT lets it go on. */
  signal(signal: "SIGSTOP" | "SIGCONT"): void;
}

const settings = {
  listen_addresses: "127.0.0.1",
  unix_socket_directories: "",
  max_connections: "300",
  shared_buffers: "64MB",
};

/** Settings that trade durability for speed, because the tests' rows need not survive a power cut. */
const forgetful = { fsync: "off", full_page_writes: "off", synchronous_commit: "off" };

/**
 * Keeps PostgreSQL from compiling queries that it believes to be long. On the small tables of tests, that took a third of
 * the processor time.
 */
const uncompiled = { jit: "off" };

export interface PostgresOptions {
  /** Whether a commit waits for the disk, as in production. */
  readonly durable?: boolean;
  /** Whether long queries are compiled, as in production. */
  readonly jit?: boolean;
}

const patienceMs = 60_000;

/** Starts a private server in a temporary folder, on a free port of the loopback interface. */
export async function startPostgres({
  durable = false,
  jit = durable,
}: PostgresOptions = {}): Promise<PrivatePostgres> {
  const programs = findPostgresPrograms();
  if (programs === undefined) throw new Error("Debian's package postgresql is not installed");
  const owner = postgresOwner() ?? {};
  const folder = await mkdtemp(join(tmpdir(), "sluice-postgres-"));
  const password = randomBytes(12).toString("hex");
  const port = await freePort();
  const url = `postgres://postgres:${password}@127.0.0.1:${port}/postgres`;
  let server: ChildProcess | undefined;

  async function resume(): Promise<void> {
    const log = await open(join(folder, "postgres.log"), "a");
    const chosen = { ...settings, ...(!durable && forgetful), ...(!jit && uncompiled), port };
    const options = Object.entries(chosen).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
    server = spawnDaemon(join(programs as string, "postgres"), ["-D", join(folder, "data"), ...options], {
      ...owner,
      cwd: folder,
      stdio: ["ignore", log.fd, log.fd],
      whenOrphaned: "INT",
    });
    await log.close();
    await untilReady(server, url).catch(async (error: unknown) => {
      throw new Error(`${error instanceof Error ? error.message : error}\n${await tail(folder)}`);
    });
  }

  async function halt(how: "fast" | "immediate" = "fast"): Promise<void> {
    if (server === undefined || server.exitCode !== null || server.signalCode !== null) return;
    const ended = once(server, "exit");
    server.kill(how === "fast" ? "SIGINT" : "SIGQUIT");
    await ended;
  }

  function signal(name: "SIGSTOP" | "SIGCONT"): void {
    if (server?.pid === undefined) return;
    server.kill(name);
    const { stdout } = spawnSync("ps", ["-o", "pid=", "--ppid", String(server.pid)], { encoding: "utf8" });
    for (const pid of stdout.trim().split(/\s+/)) signalOne(Number(pid), name);
  }

  async function stop(): Promise<void> {
    await halt();
    await rm(folder, { recursive: true, force: true });
  }

  try {
    await makeCluster({ programs, folder, password, owner });
    await resume();
  } catch (error) {
    await stop();
    throw error;
  }
  return { url, environment: { DATABASE_URL: url }, halt, resume, signal, stop };
}

/** Signals a process. A process that has ended meanwhile is ignored. */
function signalOne(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "ESRCH")) throw error;
  }
}

async function makeCluster(at: {
  readonly programs: string;
  readonly folder: string;
  readonly password: string;
  readonly owner: { readonly uid?: number; readonly gid?: number };
}): Promise<void> {
  const { programs, folder, password, owner } = at;
  const passwordFile = join(folder, "password");
  await writeFile(passwordFile, password, { mode: 0o600 });
  if (owner.uid !== undefined && owner.gid !== undefined) {
    await chown(folder, owner.uid, owner.gid);
    await chown(passwordFile, owner.uid, owner.gid);
  }
  await chmod(folder, 0o700);
  // Text sorts like a dictionary unless a column says otherwise, so that a test notices a column without a collation.
  const order = ["--locale=C.UTF-8", "--locale-provider=icu", "--icu-locale=en-US"];
  const authentication = ["--username=postgres", "--auth=scram-sha-256", `--pwfile=${passwordFile}`];
  await promisify(execFile)(
    join(programs, "initdb"),
    [`--pgdata=${join(folder, "data")}`, "--encoding=UTF8", "--no-sync", ...order, ...authentication],
    { ...owner, cwd: folder, env: { ...process.env, HOME: folder } },
  );
  await rm(passwordFile);
}

async function untilReady(server: ChildProcess, url: string): Promise<void> {
  const deadline = Date.now() + patienceMs;
  for (;;) {
    if (server.exitCode !== null || server.signalCode !== null) throw new Error("PostgreSQL ended at its start");
    const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 1000 });
    client.on("error", () => undefined);
    try {
      await client.connect();
      await client.end();
      return;
    } catch (error) {
      if (Date.now() > deadline) throw error;
      await sleep(50);
    }
  }
}

async function tail(folder: string): Promise<string> {
  const log = await readFile(join(folder, "postgres.log"), "utf8").catch(() => "");
  return log.split("\n").slice(-15).join("\n");
}
