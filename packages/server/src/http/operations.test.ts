import { type Operation, UploadForm } from "@sluice/protocol/schemas";
import buildSerializer, { type Schema } from "fast-json-stringify";
import type { RouteOptions } from "fastify";
import { afterAll, beforeAll, expect, test } from "vitest";
import { uploadParameters } from "../upload/resolve/parameters/table.ts";
import { everyOperation } from "./openapi/document.ts";
import { openWholeApp, type WholeApp } from "./testing/whole-app.ts";

let whole: WholeApp;
let routes: readonly RouteOptions[];

beforeAll(async () => {
  whole = await openWholeApp({ extensionSecret: "whsec_0123456789abcdefghijkl" });
  routes = whole.routes;
});
afterAll(() => whole?.close());

/** Routes that serve another route, with the reason why the API's reference does not describe them. */
const undescribed: Readonly<Record<string, string>> = {
  "OPTIONS /_sluice/delivery": "a preflight of delivery",
  "OPTIONS /_sluice/resumable": "a preflight, and what there is of the tus protocol",
  "OPTIONS /_sluice/resumable/:session": "a preflight, and what there is of the tus protocol",
  "PUT /_sluice/resumable/:session": "names the right methods",
  "OPTIONS /_sluice/upload-outcome": "a preflight",
  "OPTIONS /api/v1/files/upload": "a preflight",
  "OPTIONS /api/v2/files/upload": "a preflight",
  "GET /_sluice/client/*": "modules that client.js imports",
  "GET /console/*": "paths of the console's page, and its assets",
  "GET /_sluice/demo/icon.svg": "an asset of the demo's page",
  "GET /_sluice/demo/client/:module": "an asset of the demo's page",
  "GET /docs/*": "pages of the documentation, and its assets",
  "GET /docs/api/renderer.js": "an asset of the reference's page",
  "GET /docs/api/start.js": "an asset of the reference's page",
  "GET /robots.txt": "a file for search engines",
  "PATCH /v1/customMetadataFields": "says that the id is missing",
  "DELETE /v1/customMetadataFields": "says that the id is missing",
  ...Object.fromEntries(
    ["GET", "PUT", "PATCH", "DELETE"].map((method) => [`${method} /_sluice/resumable`, "names the right method"]),
  ),
  ...Object.fromEntries(
    ["GET", "PUT", "PATCH", "DELETE"].flatMap((method) =>
      ["/api/v1/files/upload", "/api/v2/files/upload"].map((path) => [`${method} ${path}`, "names the right method"]),
    ),
  ),
};

const known: readonly Operation[] = Object.values(everyOperation);
const ofMediaApi = known.filter(({ path }) => path.startsWith("/v1/"));

/** Every route by its name. Fastify adds the HEAD of a GET by itself. */
function served(): ReadonlyMap<string, RouteOptions> {
  const all = routes.flatMap((route) =>
    [route.method].flat().map((method) => [`${method} ${route.url}`, route] as const),
  );
  return new Map(all.filter(([name]) => !name.startsWith("HEAD ")));
}

test("every route is described, or serves one that is", () => {
  const names = [...served()].filter(([, { config }]) => config?.operation === undefined).map(([name]) => name);
  expect(names.sort()).toEqual(Object.keys(undescribed).sort());
});

test("every operation has a route, which is made from it", () => {
  const made = new Set([...served().values()].map(({ config }) => config?.operation));
  expect(known.filter((operation) => !made.has(operation)).map(({ id }) => id)).toEqual([]);
  const others = [...made].filter((operation) => operation !== undefined && !known.includes(operation));
  expect(others.map((operation) => operation?.id)).toEqual([]);
});

test("an operation has an id of its own and describes each parameter of its path", () => {
  expect(new Set(known.map(({ id }) => id)).size).toBe(known.length);
  for (const { id, path, parameters = {} } of known) {
    const names = [...path.matchAll(/:(\w+)/g)].map(([, name]) => name);
    expect(Object.keys(parameters), id).toEqual(path.endsWith("*") ? [...names, "path"] : names);
  }
});

test("what such a route answers is serialised by the operation's schema", () => {
  for (const { method, path, answers } of ofMediaApi) {
    const route = routes.find((candidate) => candidate.method === method && candidate.url === path);
    const response = (route?.schema?.response ?? {}) as Record<string, unknown>;
    for (const [status, schema] of Object.entries(answers)) {
      expect(response[status] ?? null, `${method} ${path} ${status}`).toBe(schema);
    }
  }
});

// A route's serialisers are built when an answer first needs them, so the start of a server does not show one that can't be.
test("every answer has a serialiser that can be built", () => {
  let built = 0;
  for (const { schema } of routes) {
    for (const answer of Object.values((schema?.response ?? {}) as Record<string, Schema>)) {
      expect(buildSerializer(answer)).toBeTypeOf("function");
      built += 1;
    }
  }
  expect(built).toBeGreaterThan(100);
});

test("an upload's form names every parameter that is read of it, with its default", () => {
  const { file: _file, fileName: _fileName, token: _token, ...described } = UploadForm.properties;
  expect(Object.keys(described).sort()).toEqual(Object.keys(uploadParameters).sort());
  for (const [name, schema] of Object.entries(described)) {
    if (!("default" in schema)) continue;
    expect(schema.default, name).toBe(uploadParameters[name as keyof typeof uploadParameters].default);
  }
});
