import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { access, cp, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { parse } from "yaml";
import { makeBase, networkOfThisMachine, rootFileSystemProblem } from "../../scripts/image/base.ts";
import { type Command, chrootCommand } from "../../scripts/image/chroot.ts";
import { parseDockerfile } from "../../scripts/image/dockerfile.ts";
import { type Image, runStages } from "../../scripts/image/run-stages.ts";
import { freePort } from "../../scripts/services/free-port.ts";
import { type PrivatePostgres, startPostgres } from "../../scripts/services/postgres.ts";
import { type PrivateS3, s3Problem, startS3 } from "../../scripts/services/s3.ts";
import { spawnDaemon } from "../../scripts/services/spawn-daemon.ts";
import { caddyProblem } from "./harness/caddy.ts";
import { runProgram } from "./harness/command.ts";
import { root } from "./harness/launch.ts";
import { filePart, textParts } from "./harness/multipart.ts";
import { describeWhere } from "./harness/needs.ts";
import { basicFor } from "./harness/private-key.ts";
import { jpeg } from "./harness/samples.ts";
import { mint, post } from "./harness/upload.ts";

// Does what the Dockerfile and the compose files say on a machine without a container engine, and prints the sizes of
// docs/operate/docker.md. Each step of the Dockerfile runs in a root file system that mmdebstrap has made. It runs as root.

const tell = (line: string) => process.stdout.write(`${line}\n`);
const megabytes = async (...paths: string[]): Promise<string> => {
  const { stdout } = await runProgram("du", ["--summarize", "--total", "--block-size=1", ...paths]);
  return `${Math.round(Number(stdout.trim().split("\n").at(-1)?.split("\t")[0]) / 1e6)} MB`;
};

interface ServiceOfCompose {
  readonly command?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly read_only?: boolean;
  readonly tmpfs?: readonly string[];
  readonly cap_drop?: readonly string[];
  readonly security_opt?: readonly string[];
}
const readCompose = async (path: string): Promise<Readonly<Record<string, ServiceOfCompose>>> =>
  parse(await readFile(join(root, path), "utf8"), { merge: true }).services;

/** The compose files ask for what `chrootCommand` does for a confined program. */
const confinement = {
  read_only: true,
  tmpfs: ["/tmp"],
  cap_drop: ["ALL"],
  security_opt: ["no-new-privileges:true"],
};

describeWhere((await rootFileSystemProblem()) ?? caddyProblem() ?? s3Problem(), "the image, without an engine", () => {
  let folder: string;
  let image: Image;
  const running: Container[] = [];

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "sluice-image-"));
    const base = join(folder, "base");
    await makeBase(base);
    const dockerfile = parseDockerfile(await readFile(join(root, "Dockerfile"), "utf8"));
    const cache = join(folder, "cache");
    const build = async (name: string, processor: string, made?: Image["stages"]): Promise<Image> => {
      const target = join(folder, name);
      await mkdir(target);
      const args = new Map([["TARGETARCH", processor]]);
      const places = { repository: root, base, folder: target, cache };
      return runStages(dockerfile, { ...places, args, network: networkOfThisMachine(), ...(made && { made }) });
    };
    image = await build("amd64", "amd64");
    const made = new Map([...image.stages].filter(([stage]) => ["manifests", "build"].includes(stage)));
    const other = await build("arm64", "arm64", made);
    await access(join(other.root, "opt/sluice/node_modules/@img/sharp-linux-arm64"));
    const [whole, packages] = [join(image.root, "opt/sluice"), join(image.root, "opt/sluice/node_modules")];
    tell(`image: ${await megabytes(whole)} on top of the base, ${await megabytes(packages)} of them packages of npm`);
    tell(`image for arm64: ${await megabytes(join(other.root, "opt/sluice"))} on top of the base`);
  }, 1_800_000);

  afterAll(async () => {
    for (const container of running) container.process.kill("SIGKILL");
    await Promise.all(running.map(({ exited }) => exited));
    if (folder !== undefined) await rm(folder, { recursive: true, force: true });
  });

  interface Container {
    readonly process: ChildProcess;
    readonly exited: Promise<number | null>;
    output(): string;
    /** Runs a program in the container, as `docker compose exec` does. */
    exec(command: Command): Promise<{ readonly code: number | null; readonly stdout: string }>;
    healthy(): Promise<boolean>;
  }

  interface ToRun {
    readonly name: string;
    readonly service: ServiceOfCompose;
    readonly environment: Readonly<Record<string, string>>;
    readonly mounts?: Readonly<Record<string, string>>;
  }

  async function runService({ name, service, environment, mounts = {} }: ToRun): Promise<Container> {
    expect(service).toMatchObject(confinement);
    expect([image.user, image.volumes]).toEqual(["1000:1000", ["/data"]]);
    const volume = join(folder, `volume-${name}`);
    // A new volume gets the content, the owner and the mode of the image's folder.
    await runProgram("cp", ["--archive", "--no-target-directory", join(image.root, "data"), volume]);
    const inContainer = (command: Command) =>
      chrootCommand(
        {
          root: image.root,
          workingFolder: image.workingFolder,
          environment: { ...image.environment, ...environment },
          mounts: { "/data": volume, ...mounts },
          confinedTo: { uid: 1000, gid: 1000 },
        },
        command,
      );
    const [program, ...args] = await inContainer([...image.entrypoint, ...(service.command ?? image.command)] as never);
    const child = spawn(program, args, { stdio: ["ignore", "pipe", "pipe"] });
    let output = "";
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding("utf8").on("data", (text: string) => {
        output += text;
      });
    const exec = async (command: Command) => {
      const [first, ...rest] = await inContainer(command);
      return runProgram(first, rest);
    };
    const container: Container = {
      process: child,
      exited: once(child, "close").then(([code]) => code as number | null),
      output: () => output,
      exec,
      healthy: async () => (await exec(image.healthCheck as never)).code === 0,
    };
    running.push(container);
    return container;
  }

  async function untilHealthy(container: Container): Promise<void> {
    await expect.poll(() => container.healthy(), { timeout: 60_000, message: container.output() }).toBe(true);
  }

  async function end(container: Container): Promise<void> {
    container.process.kill("SIGTERM");
    expect([await container.exited, container.output()]).toEqual([0, expect.anything()]);
  }

  test("one server of compose.yaml takes uploads, makes images, serves its pages, and ends", async () => {
    const { sluice } = await readCompose("compose.yaml");
    const port = await freePort();
    const url = `http://127.0.0.1:${port}`;
    const environment = { SLUICE_PUBLIC_URL: url, SLUICE_TRUST_PROXY: "off", SLUICE_PORT: String(port) };
    const container = await runService({ name: "single", service: sluice ?? {}, environment });
    await untilHealthy(container);
    // The lines of docs/operate/docker.md.
    const key = (await container.exec(["cat", "/data/private-key-demo.txt"])).stdout.trim();
    expect((await container.exec(["sluice", "console-link"])).stdout).toContain(`${url}/console`);
    const parts = [...textParts({ fileName: "a.jpg" }), filePart(await jpeg(600, 400))];
    const uploaded = await post(url, parts, { authorization: basicFor(key) });
    expect([uploaded.status, uploaded.body]).toEqual([200, expect.objectContaining({ width: 600 })]);
    const picture = await fetch(`${uploaded.body.url}?tr=w-60,f-avif`);
    expect([picture.status, picture.headers.get("content-type")]).toEqual([200, "image/avif"]);
    for (const path of ["/docs/", "/docs/api", "/console/"]) expect((await fetch(url + path)).status, path).toBe(200);
    // It can write nowhere but in its volume and in /tmp.
    const places =
      "for place in /opt/sluice /etc/sluice /usr; do touch $place/x 2>/dev/null && echo $place; done; true";
    expect(await container.exec(["sh", "-c", places])).toMatchObject({ code: 0, stdout: "" });
    const status = await readFile(`/proc/${container.process.pid}/status`, "utf8");
    expect(status).toMatch(/^Uid:\t1000\t1000\t1000\t1000$/m);
    expect(status).toMatch(/^CapBnd:\t0+$/m);
    expect(status).toMatch(/^NoNewPrivs:\t1$/m);
    await end(container);
    expect(await container.healthy()).toBe(false);
  }, 300_000);

  test("the processes of compose.cluster.yaml work together on loopback, behind TLS", async () => {
    const services = await readCompose("deploy/compose.cluster.yaml");
    const [database, store] = await Promise.all([startPostgres(), startS3()]);
    let caddy: ChildProcess | undefined;
    try {
      const site = `localhost:${await freePort()}`;
      const deploy = join(folder, "deploy");
      await cp(join(root, "deploy"), deploy, { recursive: true });
      const made = await runProgram("sh", [join(deploy, "docker/make-secrets.sh"), site]);
      expect(made.code, made.stderr).toBe(0);
      const secrets = join(deploy, "secrets");
      await makeUser(database, (await readFile(join(secrets, "postgres-password"), "utf8")).trim());
      const environment = await settingsOf(join(secrets, "sluice.env"), { database, store });
      const ports = new Map<string, number>();
      for (const name of ["sluice-1", "sluice-2"]) ports.set(name, await freePort());

      const start = (name: string): Promise<Container> => {
        const service = services[name] ?? {};
        const own = { SLUICE_PORT: String(ports.get(name) ?? 0), SLUICE_HOST: "127.0.0.1" };
        return runService({ name, service, environment: { ...environment, ...service.environment, ...own } });
      };
      const first = await start("sluice-1");
      await untilHealthy(first);
      const [second, worker] = await Promise.all([start("sluice-2"), start("worker")]);
      await untilHealthy(second);

      const upstreams = services.caddy?.environment?.UPSTREAMS?.replace(/(\S+):3000/g, (_, name: string) => {
        return `127.0.0.1:${ports.get(name)}`;
      });
      caddy = await startCaddy(deploy, { SITE_ADDRESS: site, UPSTREAMS: upstreams ?? "" });
      const certificate = join(folder, "caddy/caddy/pki/authorities/local/root.crt");
      const ask = (path: string, ...args: string[]) =>
        runProgram("curl", ["--silent", "--cacert", certificate, ...args, new URL(path, `https://${site}`).href]);
      await expect.poll(async () => (await ask("/health", "--fail")).code, { timeout: 30_000 }).toBe(0);

      const fields = { fileName: "a.jpg" };
      const picture = join(folder, "a.jpg");
      await writeFile(picture, await jpeg(600, 400));
      const upload = async (): Promise<{ url: string; width: number }> => {
        const header = { kid: environment.SLUICE_PUBLIC_KEY ?? "" };
        const token = mint(fields, { privateKey: environment.SLUICE_PRIVATE_KEY ?? "", header });
        const form = [`file=@${picture}`, "fileName=a.jpg", `token=${token}`].flatMap((part) => ["--form", part]);
        return JSON.parse((await ask("/api/v2/files/upload", ...form)).stdout);
      };
      const uploaded = await upload();
      expect(uploaded).toMatchObject({ width: 600 });
      expect(uploaded.url).toMatch(new RegExp(`^https://${site}/`));
      const shown = await ask(
        `${uploaded.url}?tr=w-60`,
        "--output",
        "/dev/null",
        "--write-out",
        "%{http_code} %{content_type}",
      );
      expect(shown.stdout).toBe("200 image/jpeg");
      // One server ends, and the other one goes on.
      await end(first);
      expect(await upload()).toMatchObject({ width: 600 });
      await end(second);
      await end(worker);
    } finally {
      caddy?.kill("SIGTERM");
      await Promise.all([database.stop(), store.stop()]);
    }
  }, 300_000);

  /** Caddy with the file that the compose file mounts. It must not put its own authority into this machine's store. */
  async function startCaddy(deploy: string, environment: Readonly<Record<string, string>>): Promise<ChildProcess> {
    const file = join(deploy, "Caddyfile");
    const global = `{\n  skip_install_trust\n  admin off\n  http_port ${await freePort()}\n}\n`;
    await writeFile(file, global + (await readFile(join(deploy, "proxies/Caddyfile"), "utf8")));
    const variables = { ...environment, XDG_DATA_HOME: join(folder, "caddy"), XDG_CONFIG_HOME: join(folder, "caddy") };
    const pairs = Object.entries(variables).map(([name, value]) => `${name}=${value}`);
    const args = ["caddy", "run", "--config", file, "--adapter", "caddyfile"];
    return spawnDaemon("/usr/bin/env", [...pairs, ...args], { whenOrphaned: "KILL", stdio: "ignore" });
  }
});

/** Makes the user and the database that PostgreSQL's image makes. */
async function makeUser({ url }: PrivatePostgres, password: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query(`create user sluice password '${password}'`);
  await client.query("create database sluice owner sluice");
  await client.end();
}

/** The settings that make-secrets.sh has made, with the addresses and the bucket of the services on this machine. */
async function settingsOf(
  file: string,
  { database, store }: { readonly database: PrivatePostgres; readonly store: PrivateS3 },
): Promise<Record<string, string>> {
  const lines = (await readFile(file, "utf8")).trim().split("\n");
  const settings = Object.fromEntries(lines.map((line) => /^([^=]+)=(.*)$/.exec(line)?.slice(1) ?? []));
  return {
    ...settings,
    SLUICE_DATABASE_URL: settings.SLUICE_DATABASE_URL.replace("@postgres/", `@${new URL(database.url).host}/`),
    SLUICE_STORAGE_URL: settings.SLUICE_STORAGE_URL.replace("s3://sluice/", `s3://${store.bucket}/`).replace(
      "http://s3:7070",
      store.endpoint,
    ),
    AWS_ACCESS_KEY_ID: store.keys.accessKeyId,
    AWS_SECRET_ACCESS_KEY: store.keys.secretAccessKey,
  };
}
