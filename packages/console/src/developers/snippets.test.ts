import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { matchPayload, verifyUploadToken } from "@sluice/token";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Framework, forcedParameters, frameworks, snippetOf, type TokenPolicy } from "./snippets.ts";

/** A folder that would run as code if it came into a template as it is. */
const tricky = ["/users `$", "{1}`"].join("");
const keys = { publicKey: "public_test", privateKey: "private_test" };
const policy: TokenPolicy = {
  ...{ folder: tricky, folderPerUser: true, allow: ["fileName", "tags"], isUnique: true, isPrivate: true },
  ...{ fileTypes: ["image/*", "application/pdf"], maxSize: "10MB", lifetime: 120 },
};

/** Next.js calls the route by itself. Here a server of Node does. */
const nextHost = `
import { toNodeListener } from "@sluice/token";
import { createServer } from "node:http";
createServer(toNodeListener(POST)).listen(process.env.PORT);
`;
const session = `export const userOf = ({ headers }) =>
  (typeof headers.get === "function" ? headers.get("x-user") : headers["x-user"]) ? { id: "7" } : undefined;
`;

/** Below the repository, so that the snippets find the packages that they import. */
const place = fileURLToPath(new URL("../../../../node_modules/.cache/", import.meta.url));
let folder: string;
beforeAll(async () => {
  await mkdir(place, { recursive: true });
  folder = await mkdtemp(join(place, "sluice-snippets-"));
  await writeFile(join(folder, "package.json"), '{"type":"module"}');
  await writeFile(join(folder, "session.js"), session);
});
afterAll(() => rm(folder, { recursive: true }));

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  return typeof address === "object" && address !== null ? address.port : 0;
}

/** Runs a snippet as it stands while `use` asks its route. */
async function withBackend(framework: Framework, use: (url: string) => Promise<void>): Promise<void> {
  const file = join(folder, `${framework.replace(".", "-")}.js`);
  const code = snippetOf(framework, policy, keys.publicKey);
  await writeFile(file, framework === "Next.js" ? code + nextHost : code);
  const port = await freePort();
  const env = { ...process.env, PORT: String(port), SLUICE_PRIVATE_KEY: keys.privateKey };
  const child = spawn(process.execPath, ["--conditions=sluice-source", file], { env, stdio: "inherit" });
  try {
    const url = `http://localhost:${port}/upload-token`;
    await expect
      .poll(() =>
        fetch(url).then(
          () => true,
          () => false,
        ),
      )
      .toBe(true);
    await use(url);
  } finally {
    child.kill("SIGKILL");
    await once(child, "exit");
  }
}

describe.each(frameworks)("the backend for %s", (framework) => {
  test("mints a token that the server takes, for whom and what the policy says alone", { timeout: 60_000 }, () =>
    withBackend(framework, async (url) => {
      const ask = async (uploadPayload: object, user = "7") => {
        const headers = { "content-type": "application/json", ...(user !== "" && { "x-user": user }) };
        const answer = await fetch(url, { method: "POST", headers, body: JSON.stringify({ uploadPayload }) });
        return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
      };
      const { status, body } = await ask({ fileName: "a.jpg", tags: "x" });
      expect(status).toBe(200);
      const parameters = { fileName: "a.jpg", tags: "x", ...forcedParameters(policy, "7") };
      expect(body.parameters).toEqual(parameters);
      const now = Date.now() / 1000;
      const token = await verifyUploadToken(String(body.token), { now, findPrivateKey: () => keys.privateKey });
      expect([token.publicKey, token.expiresAt - token.issuedAt <= 120]).toEqual([keys.publicKey, true]);
      expect(matchPayload(token.claims, Object.entries(parameters))).toBeUndefined();
      expect((await ask({ fileName: "a.jpg", isPrivateFile: "false" })).status).toBe(
        framework === "jsonwebtoken" ? 400 : 200,
      );
      expect((await ask({ fileName: "a.jpg", folder: "/elsewhere" })).body.parameters ?? parameters).toMatchObject({
        folder: `${tricky}/7/`,
      });
      expect((await ask({ fileName: "a.jpg", customMetadata: "{}" })).status).toBe(400);
      expect((await ask({ fileName: "a.jpg" }, "")).status).toBe(401);
    }),
  );
});

test("what is forced is what the form sends", () => {
  expect(forcedParameters(policy, "7")).toEqual({
    folder: `${tricky}/7/`,
    useUniqueFileName: "true",
    isPrivateFile: "true",
    checks: '("file.mime" : "image/" OR "file.mime" IN ["application/pdf"]) AND "file.size" <= "10MB"',
  });
  const open = { ...policy, folder: "/", folderPerUser: false, isPrivate: false, fileTypes: [], maxSize: "" };
  expect(forcedParameters(open, "7")).toEqual({ folder: "/", useUniqueFileName: "true" });
});
