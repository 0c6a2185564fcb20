import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type FileHost, startFileHost } from "./harness/file-host.ts";
import { type FreshApp, installFreshApp } from "./harness/fresh-app.ts";
import { root } from "./harness/launch.ts";
import { png } from "./harness/samples.ts";
import { keys, type RunningServer, startServer } from "./harness/server.ts";
import { mint } from "./harness/upload.ts";

// Clients that common generators make of docs/openapi.json are compiled, and upload. What they write into a form is theirs:
// a list as one field for each entry, whatever encoding the document asks for.

const document = `${root}docs/openapi.json`;

interface Generator {
  readonly packages: readonly string[];
  /** The generator's settings, by file. */
  readonly settings: Readonly<Record<string, string>>;
  readonly command: readonly [string, ...string[]];
  /** A module that exports `upload(form, url, authorization?)`, which resolves with the status and the body. */
  readonly use: string;
}

const generators: Readonly<Record<string, Generator>> = {
  "hey-api": {
    packages: ["@hey-api/openapi-ts@0.99.0"],
    settings: {
      "hey.config.ts": `export default {
        input: ${JSON.stringify(document)},
        output: "client",
        plugins: ["@hey-api/client-fetch", "@hey-api/typescript", "@hey-api/sdk"],
      };`,
    },
    command: ["node_modules/.bin/openapi-ts", "--file", "hey.config.ts"],
    use: `
      import { client } from "./client/client.gen";
      import { uploadFileV2 } from "./client/sdk.gen";
      import type { UploadForm } from "./client/types.gen";
      export async function upload(body: UploadForm, baseUrl: string, authorization?: string) {
        client.setConfig({ baseUrl });
        const headers = authorization === undefined ? {} : { authorization };
        const { data, error, response } = await uploadFileV2({ body, headers });
        return { status: response?.status, body: data ?? error };
      }`,
  },
  orval: {
    packages: ["orval@8.38.0"],
    settings: {
      "orval.config.mjs": `export default { sluice: {
        input: ${JSON.stringify(document)},
        output: { target: "./client.ts", client: "fetch", mode: "single", baseUrl: { runtime: "globalThis.baseUrl" } },
      } };`,
    },
    command: ["node_modules/.bin/orval", "--config", "orval.config.mjs"],
    use: `
      import { type UploadForm, uploadFileV2 } from "./client";
      declare global { var baseUrl: string }
      export async function upload(form: UploadForm, url: string, authorization?: string) {
        globalThis.baseUrl = url;
        const { status, data } = await uploadFileV2(form, authorization === undefined ? {} : { headers: { authorization } });
        return { status, body: data };
      }`,
  },
};

/** Uploads with typed parameters, and prints the answers: beside the private key, and with a token that claims \`lists\`. */
const program = `
import { upload } from "./use";
const { url, token, wrongToken, privateKey, content } = JSON.parse(process.argv[2] ?? "") as Record<string, string>;
const form = {
  file: new File([Buffer.from(content ?? "", "base64")], "picture.png"),
  fileName: "generated.png",
  folder: "/generated",
  useUniqueFileName: false,
  tags: ["red", "blue"],
  responseFields: ["tags" as const, "customMetadata" as const],
  extensions: [{ name: "moderation" }, { name: "ai-auto-description" }],
  transformation: { pre: "w-10" },
};
const answers = [
  await upload(form, url ?? "", "Basic " + btoa(privateKey + ":")),
  await upload({ ...form, token }, url ?? ""),
  await upload({ ...form, token: wrongToken }, url ?? ""),
  await upload({ ...form, tags: ["one"], extensions: [{ name: "moderation" }] }, url ?? "", "Basic " + btoa(privateKey + ":")),
];
process.stdout.write(JSON.stringify(answers));
`;

const compilerOptions = {
  ...{
    strict: true,
    noEmit: true,
    skipLibCheck: true,
    target: "es2022",
    module: "esnext",
    moduleResolution: "bundler",
  },
  ...{ lib: ["es2023", "dom", "dom.iterable"], types: ["node"] },
};

/** The canonical strings of the same parameters, as the token route of a backend mints them. */
const claims = {
  fileName: "generated.png",
  folder: "/generated",
  useUniqueFileName: "false",
  tags: "red,blue",
  responseFields: "tags,customMetadata",
  extensions: '[{"name":"moderation"},{"name":"ai-auto-description"}]',
  transformation: '{"pre":"w-10"}',
};

let host: FileHost;
let server: RunningServer;
beforeAll(async () => {
  host = await startFileHost((request, response) => {
    request.resume();
    response.writeHead(200, { "content-type": "application/json" }).end("{}");
  });
  const extensions = ["moderation", "ai-auto-description"].flatMap((name) => ["--extension", `${name}=${host.url}/do`]);
  server = await startServer({
    flags: [...extensions, "--extension-secret", "whsec_0123456789abcdefghijkl", "--allow-private-networks"],
  });
});
afterAll(async () => {
  await server?.stop();
  await host?.close();
});

describe.each(Object.entries(generators))("the client that %s makes", (_, { packages, settings, command, use }) => {
  let app: FreshApp;
  beforeAll(async () => {
    app = await installFreshApp([...packages, "typescript@5.9.3", "@types/node@24", "esbuild@0.28.2"]);
    const files = {
      ...settings,
      "use.ts": use,
      "program.ts": program,
      "tsconfig.json": JSON.stringify({ compilerOptions }),
    };
    for (const [file, content] of Object.entries(files)) await app.write(file, content);
    const [generator, ...options] = command;
    await app.run(join(app.folder, generator), ...options);
  }, 300_000);
  afterAll(() => app?.remove());

  test("compiles, and uploads lists and objects as a server and with a token", { timeout: 120_000 }, async () => {
    const bin = (name: string) => join(app.folder, "node_modules/.bin", name);
    await app.run(bin("tsc"), "-p", "tsconfig.json");
    await app.run(bin("esbuild"), "program.ts", "--bundle", "--platform=node", "--format=esm", "--outfile=program.mjs");
    const question = {
      url: server.url,
      token: mint(claims),
      wrongToken: mint({ ...claims, tags: "red" }),
      privateKey: keys.privateKey,
      content: (await png(20, 10)).toString("base64"),
    };
    const output = await app.run(process.execPath, "program.mjs", JSON.stringify(question));
    const extensionStatus = { moderation: expect.any(String), "ai-auto-description": expect.any(String) };
    const stored = { name: "generated.png", filePath: "/generated/generated.png", tags: ["red", "blue"], width: 10 };
    expect(JSON.parse(output)).toMatchObject([
      { status: 200, body: { ...stored, extensionStatus } },
      { status: 200, body: { ...stored, extensionStatus } },
      { status: 400, body: { reason: "PAYLOAD_MISMATCH" } },
      { status: 200, body: { tags: ["one"], extensionStatus: { moderation: expect.any(String) } } },
    ]);
  });
});
