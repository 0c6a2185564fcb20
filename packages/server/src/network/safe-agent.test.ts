import { type Dispatcher, request } from "undici";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { type OutboundRules, outboundRules } from "./outbound-rules.ts";
import { ForbiddenAddress } from "./remote-error.ts";
import { createSafeAgent } from "./safe-agent.ts";
import { type RemoteServer, startRemoteServer } from "./testing/remote-server.ts";
import { privateHost, publicHost, rulesOf } from "./testing/rules.ts";

let open: RemoteServer;
let secret: RemoteServer;
let life: AbortController;
let agents: Dispatcher[];

beforeEach(async () => {
  [life, agents] = [new AbortController(), []];
  open = await startRemoteServer((_request, response) => response.end("open"), publicHost);
  secret = await startRemoteServer((_request, response) => response.end("secret"), privateHost);
});

afterEach(async () => {
  vi.unstubAllEnvs();
  life.abort();
  for (const agent of agents) await agent.destroy();
  await open.close();
  await secret.close();
});

async function get(url: string, rules: OutboundRules): Promise<string> {
  const dispatcher = createSafeAgent({ rules, connectMs: 5000, signal: life.signal });
  agents.push(dispatcher);
  const { body } = await request(url, { dispatcher });
  return body.text();
}

test("an allowed address is connected to, literal or resolved", async () => {
  expect(await get(`http://${open.authority}`, rulesOf())).toBe("open");
  expect(await get(`http://name.test:${open.port}`, rulesOf({ "name.test": [[publicHost]] }))).toBe("open");
});

test("a forbidden address is not connected to, literal or resolved, over http or https", async () => {
  const rules = rulesOf({ "name.test": [[privateHost]] });
  for (const host of [privateHost, "name.test"]) {
    for (const scheme of ["http", "https"]) {
      await expect(get(`${scheme}://${host}:${secret.port}`, rules)).rejects.toThrow(ForbiddenAddress);
    }
  }
  expect(secret.connections).toBe(0);
});

test.each([[[publicHost, privateHost]], [[privateHost, publicHost]], [[publicHost, "::1"]]])(
  "a name with the addresses %j is refused as a whole",
  async (addresses) => {
    const rules = rulesOf({ "name.test": [addresses] });
    await expect(get(`http://name.test:${open.port}`, rules)).rejects.toThrow(ForbiddenAddress);
    expect([open.connections, secret.connections]).toEqual([0, 0]);
  },
);

test("the address that was checked is the one connected to, whatever the name resolves to afterwards", async () => {
  const rules = rulesOf({ "rebinding.test": [[publicHost], [privateHost]] });
  expect(await get(`http://rebinding.test:${open.port}`, rules)).toBe("open");
  expect(rules.questions).toEqual(["rebinding.test"]);
  await expect(get(`http://rebinding.test:${open.port}`, rules)).rejects.toThrow(ForbiddenAddress);
  expect(open.connections).toBe(1);
});

test("a connection to an address that is no longer allowed once it stands is cut before anything is sent", async () => {
  let asked = 0;
  const rules = rulesOf({ "name.test": [[publicHost]] }, () => ++asked === 1);
  await expect(get(`http://name.test:${open.port}`, rules)).rejects.toThrow(ForbiddenAddress);
  expect(asked).toBe(2);
  await open.idle();
});

test("a name without an address and one that can't be resolved fail as such", async () => {
  await expect(get("http://empty.test", rulesOf({ "empty.test": [[]] }))).rejects.toMatchObject({ code: "ENODATA" });
  await expect(get("http://none.test", rulesOf())).rejects.toMatchObject({ code: "ENOTFOUND" });
});

test("the signal ends an attempt whose name never resolves", async () => {
  const attempt = get("http://name.test", { ...rulesOf(), resolve: () => new Promise(() => {}) });
  queueMicrotask(() => life.abort());
  await expect(attempt).rejects.toMatchObject({ name: "AbortError" });
});

test("proxies from the environment are not used", async () => {
  for (const name of ["HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "ALL_PROXY"]) {
    vi.stubEnv(name, `http://${secret.authority}`);
  }
  vi.stubEnv("NODE_USE_ENV_PROXY", "1");
  expect(await get(`http://${open.authority}`, rulesOf())).toBe("open");
  expect(secret.connections).toBe(0);
});

test("the server's own rules refuse loopback, by address and by name, unless private networks are allowed", async () => {
  for (const host of ["127.0.0.1", "localhost", "[::1]", "[::ffff:127.0.0.1]", "0.0.0.0"]) {
    const attempt = get(`http://${host}:${open.port}`, outboundRules({ allowPrivateNetworks: false }));
    await expect(attempt, host).rejects.toThrow(ForbiddenAddress);
  }
  expect(open.connections).toBe(0);
  const rules = outboundRules({ allowPrivateNetworks: true });
  expect(await get(`http://${open.authority}`, rules)).toBe("open");
  expect(await get(`http://localhost:${open.port}`, rules)).toBe("open");
});
