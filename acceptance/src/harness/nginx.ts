import { mkdtemp, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort } from "../../../scripts/services/free-port.ts";
import { spawnDaemon } from "../../../scripts/services/spawn-daemon.ts";
import { type FrontProxy, untilProxyAnswers } from "./front-proxy.ts";
import { root } from "./launch.ts";
import { problemOf } from "./needs.ts";

/** Debian keeps it in a folder that a user's path may lack. */
const program = "/usr/sbin/nginx";

export function nginxProblem(): string | undefined {
  return problemOf(program, ["-v"]);
}

/**
 * Starts nginx with the file of this repository, `deploy/proxies/nginx.conf`, in front of servers on loopback. Only
 * addresses, paths and TLS are changed.
 */
export async function startNginx(ports: readonly number[]): Promise<FrontProxy> {
  const folder = await mkdtemp(join(tmpdir(), "sluice-nginx-"));
  const port = await freePort();
  const file = join(folder, "nginx.conf");
  await writeFile(file, configuration(await readFile(`${root}deploy/proxies/nginx.conf`, "utf8"), folder, port, ports));
  const child = spawnDaemon(program, ["-e", "stderr", "-c", file], { whenOrphaned: "INT", stdio: "ignore" });
  const errors = () => readFile(join(folder, "error.log"), "utf8");
  return untilProxyAnswers({ child, url: `http://127.0.0.1:${port}`, folder, errors });
}

function configuration(shipped: string, folder: string, port: number, servers: readonly number[]): string {
  const [, options] = replaced(/^ {2}server 127\.0\.0\.1:3000(.*);$/m, shipped);
  const upstreams = servers.map((server) => `  server 127.0.0.1:${server}${options};`);
  const http = shipped
    .replace(/^ {2}server 127\.0\.0\.1:3000.*;$/m, upstreams.join("\n"))
    // The server that leads from port 80 to TLS.
    .replace(/^server \{\n {2}listen 80;[^}]*\}$/m, "")
    .replace("  listen 443 ssl;", `  listen 127.0.0.1:${port};`)
    .replaceAll(/^ {2}(?:listen \[::\]:443|http2|ssl_).*;$/gm, "")
    .replace("/var/log/nginx/sluice.log", join(folder, "access.log"));
  const temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map(
    (name) => `  ${name}_temp_path ${join(folder, name)};`,
  );
  return [
    "daemon off;",
    "worker_processes 2;",
    `pid ${join(folder, "pid")};`,
    `error_log ${join(folder, "error.log")} warn;`,
    "events { worker_connections 1024; }",
    "http {",
    ...temporary,
    http,
    "}",
  ].join("\n");
}

function replaced(pattern: RegExp, text: string): RegExpExecArray {
  const found = pattern.exec(text);
  if (found === null) throw new Error(`nginx.conf has no ${pattern}`);
  return found;
}
