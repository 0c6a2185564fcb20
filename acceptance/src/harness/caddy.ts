import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort } from "../../../scripts/services/free-port.ts";
import { spawnDaemon } from "../../../scripts/services/spawn-daemon.ts";
import { type FrontProxy, untilProxyAnswers } from "./front-proxy.ts";
import { root } from "./launch.ts";
import { problemOf } from "./needs.ts";

export function caddyProblem(): string | undefined {
  return problemOf("caddy", ["version"]);
}

/** Starts Caddy with the file of this repository, `deploy/proxies/Caddyfile`, in front of servers on loopback. */
export async function startCaddy(ports: readonly number[]): Promise<FrontProxy> {
  const folder = await mkdtemp(join(tmpdir(), "sluice-caddy-"));
  const url = `http://127.0.0.1:${await freePort()}`;
  const settings = {
    SITE_ADDRESS: url,
    UPSTREAMS: ports.map((port) => `127.0.0.1:${port}`).join(" "),
    CADDY_ADMIN: `127.0.0.1:${await freePort()}`,
    XDG_DATA_HOME: folder,
    XDG_CONFIG_HOME: folder,
  };
  const variables = Object.entries(settings).map(([name, value]) => `${name}=${value}`);
  const args = ["caddy", "run", "--config", `${root}deploy/proxies/Caddyfile`, "--adapter", "caddyfile"];
  const child = spawnDaemon("/usr/bin/env", [...variables, ...args], { whenOrphaned: "KILL", stdio: "ignore" });
  return untilProxyAnswers({ child, url, folder, errors: async () => "" });
}
