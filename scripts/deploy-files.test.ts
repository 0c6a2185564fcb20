import { globSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { parse, parseAllDocuments } from "yaml";
import { operations } from "../packages/protocol/src/operations/operations.ts";
import { deliverySwitches } from "../packages/server/src/accounts/delivery-switches.ts";
import { limitTable } from "../packages/server/src/config/limits.ts";
import { type ShownSetting, settings } from "../packages/server/src/config/settings.ts";
import { pageOperations } from "../packages/server/src/http/routes/page-operations.ts";

const rootUrl = new URL("../", import.meta.url);
const read = (path: string): string => readFileSync(new URL(path, rootUrl), "utf8");
const paths = globSync(["Dockerfile", "compose.yaml", "deploy/**/*.*", "deploy/**/Caddyfile", "docs/operate/*.md"], {
  cwd: rootUrl.pathname,
  exclude: (name) => name === "secrets",
});
const files = paths.map((path) => [path, read(path)] as const);
const records: readonly ShownSetting[] = Object.values(settings);

/** Lists what a pattern finds in each file, with the file's path, unless it is known. */
function unknown(pattern: RegExp, known: ReadonlySet<string>): string[] {
  return files.flatMap(([path, text]) =>
    [...text.matchAll(pattern)].flatMap(([, name = ""]) => (known.has(name) ? [] : [`${path}: ${name}`])),
  );
}

test("the files and pages about running Sluice are found", () => {
  expect(paths).toEqual(expect.arrayContaining(["Dockerfile", "deploy/proxies/nginx.conf", "docs/operate/docker.md"]));
});

test("every variable that they name is a setting", () => {
  expect(unknown(/\b(SLUICE_[A-Z0-9_]+)/g, new Set(records.map(({ environment }) => environment)))).toEqual([]);
});

test("every flag that they give to Sluice is one", () => {
  const ofCommands = globSync("packages/server/src/cli/*.ts", { cwd: rootUrl.pathname }).flatMap((path) =>
    [...read(path).matchAll(/"(--[a-z][a-z-]+)/g)].map(([, flag = ""]) => flag),
  );
  const ofSettings = records.flatMap(({ flag }) => [flag, flag.replace("--", "--no-")]);
  const ofAccounts = Object.values(deliverySwitches).map(({ flag }) => `--${flag}`);
  const known = new Set([...ofSettings, ...ofCommands, ...ofAccounts]);
  // documented-commands.test.ts reads the flags after a command. Lines of other programs have flags of their own.
  expect(unknown(/(?:with |and |\()(--[a-z][a-z-]+)/g, known)).toEqual([]);
  expect(unknown(/`(--(?!build-arg|file|format|profile)[a-z][a-z-]+)/g, known)).toEqual([]);
});

test("every limit that they name is one", () => {
  const known = new Set(Object.values(limitTable).map(({ name }) => name));
  expect(unknown(/--limit ([a-z]+(?:-[a-z]+)*)/g, known)).toEqual([]);
  expect(unknown(/SLUICE_LIMITS[=:] ?"?([a-z-]+)/g, known)).toEqual([]);
});

test("every path that is asked for the server's health is one", () => {
  const all = [...Object.values(operations), ...Object.values(pageOperations)];
  const known = new Set<string>(all.filter(({ method }) => method === "GET").map(({ path }) => path));
  expect(known).toContain("/health");
  expect(
    unknown(/(?:\bhttpGet: \{ path: |\bhealth_uri |healthCheck:\n\s+path: |:\$\{port\})(\/[a-z_/]*)/g, known),
  ).toEqual([]);
});

test.each([
  ["deploy/proxies/nginx.conf", /^ {2}location ~ \^\/metrics\/\?\$ \{\n {4}return 404;/m],
  ["deploy/proxies/Caddyfile", /^ {2}@metrics path \/metrics \/metrics\/\n {2}respond @metrics 404$/m],
  ["deploy/proxies/traefik-sluice.yaml", / && !Path\(`\/metrics`\) && !Path\(`\/metrics\/`\)$/m],
  [
    "docs/reverse-proxy.md",
    /location ~ \^\/metrics\/\?\$ \{ return 404; \}.*@metrics path \/metrics \/metrics\/\n {2}respond @metrics 404/s,
  ],
])("%s refuses the metrics", (path, refusal) => {
  expect(read(path)).toMatch(refusal);
});

test("in Kubernetes, the metrics have a port of their own, to which neither the Service nor the Ingress leads", () => {
  for (const path of ["deploy/kubernetes/single.yaml", "deploy/kubernetes/cluster.yaml"]) {
    const documents = parseAllDocuments(read(path), { merge: true }).map((document) => document.toJS());
    const deployments = documents.filter(({ kind }) => kind === "Deployment");
    expect(deployments.length).toBeGreaterThan(0);
    for (const { spec } of deployments) {
      const [container] = spec.template.spec.containers;
      const { SLUICE_METRICS_PORT: port } = Object.fromEntries(
        container.env.map(({ name, value }: Readonly<Record<string, string>>) => [name, value]),
      );
      expect(container.ports).toContainEqual({ name: "metrics", containerPort: Number(port) });
    }
    const services = documents.filter(({ kind }) => kind === "Service");
    expect(services.map(({ spec }) => spec.ports)).toEqual([[{ name: "http", port: 80, targetPort: "http" }]]);
  }
});

test("the image leaves the port to PORT, and its health check asks where the server listens", () => {
  expect(read("Dockerfile")).toContain("SLUICE_HOST=0.0.0.0");
  expect(read("Dockerfile")).not.toMatch(/^\s*SLUICE_PORT=/m);
  const chosen = /^const port = (.*);$/m.exec(read("deploy/docker/health.js"))?.[1];
  expect(chosen).toBe('SLUICE_PORT || PORT || "3000"');
});

test("whoever ends a server waits longer than its requests in flight may take", () => {
  const waits = files.flatMap(([path, text]) =>
    [
      ...text.matchAll(
        /^\s*(?:TimeoutStopSec=|stop_grace_period: |terminationGracePeriodSeconds: |graceTimeOut: )(\d+)/gm,
      ),
    ].map(([, seconds]) => ({ path, seconds: Number(seconds) })),
  );
  expect(waits.length).toBeGreaterThan(5);
  expect(waits.filter(({ seconds }) => seconds <= limitTable.shutdownMs.standard + 5)).toEqual([]);
});

test("compose files use only services, volumes and secrets that they have", () => {
  interface Service {
    readonly volumes?: readonly string[];
    readonly depends_on?: Readonly<Record<string, unknown>>;
    readonly secrets?: readonly (string | { readonly source: string })[];
  }
  for (const path of ["compose.yaml", "deploy/compose.cluster.yaml"]) {
    const { services, volumes = {}, secrets = {} } = parse(read(path), { merge: true });
    for (const service of Object.values<Service>(services)) {
      const mounted = (service.volumes ?? [])
        .map((volume) => volume.split(":")[0])
        .filter((name) => !name?.startsWith("."));
      const given = (service.secrets ?? []).map((secret) => (typeof secret === "string" ? secret : secret.source));
      expect(Object.keys(volumes)).toEqual(expect.arrayContaining(mounted));
      expect(Object.keys(secrets)).toEqual(expect.arrayContaining(given));
      expect(Object.keys(services)).toEqual(expect.arrayContaining(Object.keys(service.depends_on ?? {})));
    }
  }
});

test("all YAML files can be read, and Kubernetes never puts a Service's address into a setting", () => {
  for (const path of paths.filter((name) => name.endsWith(".yaml"))) {
    for (const document of parseAllDocuments(read(path), { merge: true })) {
      expect(document.errors).toEqual([]);
      const { kind, spec } = document.toJS();
      if (kind === "Deployment") expect(spec.template.spec.enableServiceLinks).toBe(false);
    }
  }
});

test.each(["auto-tagging", "fonts"])("the image can leave out %s, an optional package of the workspace", (name) => {
  for (const file of ["Dockerfile", "deploy/systemd/install.sh"]) {
    expect(read(file)).toContain(`leave-out.js ${name};`);
    expect(read(file)).toContain(`rm -r packages/${name};`);
  }
  expect(JSON.parse(read("package.json")).workspaces).toContain(`packages/${name}`);
  expect(Object.keys(JSON.parse(read("package-lock.json")).packages)).toEqual(
    expect.arrayContaining([`packages/${name}`, `node_modules/@sluice/${name}`]),
  );
});

test("the image has FFmpeg from Debian, and no module of @sluice/video", () => {
  for (const step of ["node /tmp/leave-out.js video", "rm -r packages/video", "--no-install-recommends ffmpeg"]) {
    expect(read("Dockerfile")).toContain(step);
  }
});

test("no package has to run a script when the image installs it", () => {
  const { packages } = JSON.parse(read("package-lock.json"));
  const production = Object.entries<{ dev?: boolean; hasInstallScript?: boolean }>(packages);
  const withScripts = production.filter(([, { dev, hasInstallScript }]) => hasInstallScript && !dev);
  expect(withScripts.map(([path]) => path)).toEqual([]);
});

test("what the build is made of is among the files that the image is built of", () => {
  const context = read(".dockerignore")
    .split("\n")
    .flatMap((line) => (line.startsWith("!") ? [line.slice(1)] : []));
  const programs = globSync(["packages/*/build.ts", "packages/*/build/*.ts"], { cwd: rootUrl.pathname });
  const imported = programs.flatMap((program) =>
    [...read(program).matchAll(/ from "(\.[^"]+)"/g)].map(([, path = ""]) => join(dirname(program), path)),
  );
  expect(imported).toContain("scripts/licences.ts");
  const missing = imported.filter((path) => !context.some((entry) => path === entry || path.startsWith(`${entry}/`)));
  expect(missing).toEqual([]);
  // The documentation is built from these, where they are there.
  expect(context).toEqual(expect.arrayContaining(["docs", "*.md"]));
});
