import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Operation, operations, UploadForm } from "@sluice/protocol/schemas";
import type { FastifyInstance, RouteOptions } from "fastify";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openParts, type Parts } from "../app/parts.ts";
import { resolveConfig } from "../config/resolve-config.ts";
import { createLogger } from "../observability/logger.ts";
import { openUploadAdmission } from "../upload/form/admission/upload-admission.ts";
import { UploadsUnderWay } from "../upload/outcome/uploads-under-way.ts";
import { uploadParameters } from "../upload/resolve/parameters/table.ts";
import { UnknownParameters } from "../upload/resolve/unknown-parameters.ts";
import { createApp } from "./create-app.ts";
import { notBuiltOperations } from "./routes/not-built/operations.ts";

let folder: string;
let parts: Parts;
let app: FastifyInstance;
const routes: RouteOptions[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "sluice-operations-"));
  const config = resolveConfig({ dataDir: folder });
  const logger = createLogger("silent");
  parts = await openParts(config);
  app = createApp({
    ...parts,
    admission: await openUploadAdmission(config, folder),
    uploadsUnderWay: new UploadsUnderWay(),
    unknownParameters: new UnknownParameters(logger),
    config,
    logger,
    lifecycle: { draining: false },
    now: Date.now,
    publicUrl: () => "https://media.example",
  });
  app.addHook("onRoute", (route) => void routes.push(route));
  await app.ready();
});

afterAll(async () => {
  await app?.close();
  await parts?.close();
  await rm(folder, { recursive: true });
});

const named = ({ method, path }: Pick<Operation, "path"> & { method: string }): string => `${method} ${path}`;
const known: readonly Operation[] = Object.values(operations);

test("every route of the media API is an operation of the protocol, and the other way round", () => {
  const served = routes.flatMap(({ method, url }) => [method].flat().map((one) => named({ method: one, path: url })));
  expect(known.map(named).filter((name) => !served.includes(name))).toEqual([]);
  const refused = [
    ...notBuiltOperations.map(named),
    "PATCH /v1/customMetadataFields",
    "DELETE /v1/customMetadataFields",
  ];
  const others = served.filter((name) => /^(?!HEAD )\w+ \/v1\//.test(name) && !refused.includes(name));
  expect(others.filter((name) => !known.map(named).includes(name))).toEqual([]);
});

test("what such a route answers is serialised by the operation's schema", () => {
  for (const { method, path, answers } of known.filter(({ path }) => path.startsWith("/v1/"))) {
    const route = routes.find((candidate) => candidate.method === method && candidate.url === path);
    const response = (route?.schema?.response ?? {}) as Record<string, unknown>;
    for (const [status, schema] of Object.entries(answers)) {
      expect(response[status] ?? null, `${method} ${path} ${status}`).toBe(schema);
    }
  }
});

test("an upload's form names every parameter that is read of it, with its default", () => {
  const { file: _file, fileName: _fileName, token: _token, ...described } = UploadForm.properties;
  expect(Object.keys(described).sort()).toEqual(Object.keys(uploadParameters).sort());
  for (const [name, schema] of Object.entries(described)) {
    if (!("default" in schema)) continue;
    expect(schema.default, name).toBe(uploadParameters[name as keyof typeof uploadParameters].default);
  }
});
