import Fastify, { type FastifyInstance } from "fastify";
import { afterEach, beforeEach, expect, test } from "vitest";
import { loadClient } from "../../web/browser-client/load-client.ts";
import { clientRoute } from "./client.ts";

let app: FastifyInstance;
beforeEach(async () => {
  app = Fastify();
  await app.register(clientRoute());
});
afterEach(() => app.close());

test("the browser client is sent to pages of any origin, and only once while it is the same", async () => {
  const first = await app.inject({ url: "/_sluice/client.js" });
  expect([first.statusCode, first.headers["access-control-allow-origin"]]).toEqual([200, "*"]);
  expect(first.body).toContain("export");
  const { etag } = first.headers;
  const again = await app.inject({ url: "/_sluice/client.js", headers: { "if-none-match": String(etag) } });
  expect([again.statusCode, again.body, again.headers.etag]).toEqual([304, "", etag]);
  const other = await app.inject({ url: "/_sluice/client/upload.ts" });
  expect(other.headers.etag === etag).toBe(false);
});

test("each module that it imports is there, and what that one imports", async () => {
  const asked = new Set<string>();
  const follow = async (path: string): Promise<void> => {
    if (asked.has(path)) return;
    asked.add(path);
    const { statusCode, body } = await app.inject({ url: path });
    expect([path, statusCode]).toEqual([path, 200]);
    for (const [, specifier = ""] of body.matchAll(/(?:from|import)\s*\(?\s*"([^"]+)"/g)) {
      expect(specifier, `an import of ${path}`).toMatch(/^\.\.?\//);
      await follow(new URL(specifier, `http://host${path}`).pathname);
    }
  };
  await follow("/_sluice/client.js");
  expect(asked).toContain("/_sluice/client/token/canonical.ts");
});

test("nothing else beside it is", async () => {
  for (const path of ["upload.test.ts", "../package.json", "%2e%2e/package.json"]) {
    expect((await app.inject({ url: `/_sluice/client/${path}` })).statusCode).toBe(404);
  }
});

test("files that could not be read once are read the next time", async () => {
  let failures = 1;
  const loading = Fastify();
  await loading.register(
    clientRoute(async () => {
      if (failures-- > 0) throw new Error("EMFILE: too many open files");
      return loadClient();
    }),
  );
  const statuses = [];
  for (let turn = 0; turn < 2; turn++) statuses.push((await loading.inject({ url: "/_sluice/client.js" })).statusCode);
  await loading.close();
  expect(statuses).toEqual([500, 200]);
});
