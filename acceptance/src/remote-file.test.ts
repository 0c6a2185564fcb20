import type { ServerResponse } from "node:http";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { spoolFiles } from "./harness/data-dir.ts";
import { deliver, original } from "./harness/deliver.ts";
import { onCluster } from "./harness/engines.ts";
import { expectRefusal, expectStored } from "./harness/expectations.ts";
import { type FileHost, startFileHost } from "./harness/file-host.ts";
import { call } from "./harness/media-api.ts";
import { type RawPart, textPart, textParts } from "./harness/multipart.ts";
import { openUpload } from "./harness/open-upload.ts";
import { breakSignature } from "./harness/raw-token.ts";
import { png } from "./harness/samples.ts";
import { keys, type RunningServer, startServer } from "./harness/server.ts";
import { sign } from "./harness/sign.ts";
import { basic, mint, post } from "./harness/upload.ts";

const fields = { fileName: "remote.bin" } as const;
const maxFileSize = 64 * 1024;

let server: RunningServer;
/** A server configured as it is next to a network that must stay private. */
let guarded: RunningServer;
let host: FileHost;
let picture: Buffer;
beforeAll(async () => {
  picture = Buffer.from(await png());
  host = await startFileHost((request, response) => {
    const [, kind = "", detail] = request.url?.split("/") ?? [];
    if (kind === "picture") response.end(picture);
    else if (kind === "hops" && Number(detail) > 0) {
      response.writeHead(302, { location: `/hops/${Number(detail) - 1}` }).end();
    } else if (kind === "hops") response.end("arrived");
    else if (kind === "large") response.end(Buffer.alloc(maxFileSize + 1));
    else if (kind === "large-in-chunks") {
      for (let left = 3; left > 0; left--) response.write(Buffer.alloc(maxFileSize / 2));
      response.end();
    } else if (kind === "silent") return;
    else if (kind === "stalled") response.writeHead(200, { "content-length": 9 }).write("start");
    else if (kind === "dribble") dribble(response);
    else if (kind === "empty") response.end();
    else response.writeHead(404).end("secrets of the host");
  });
  const flags = ["--max-file-size", String(maxFileSize), "--limit", "remote-headers-seconds=1,stall-seconds=1"];
  server = await startServer({ flags: [...flags, "--allow-private-networks"] });
  guarded = await startServer({ flags });
});
afterAll(async () => {
  await server?.stop();
  await guarded?.stop();
  await host?.close();
});

/** Sends a response that never stands still and never ends. */
function dribble(response: ServerResponse): void {
  const timer = setInterval(() => response.write("."), 100);
  response.once("close", () => clearInterval(timer));
}

const send = (url: string, { to = server, parts = textParts(fields) as readonly RawPart[] } = {}) =>
  post(to.url, [textPart("file", url), ...parts], { authorization: basic });

const withToken = (token: string, parameters: Readonly<Record<string, string>> = fields) => [
  ...textParts(parameters),
  textPart("token", token),
];

describe("a URL as the file", () => {
  test("is downloaded and stored byte for byte", async () => {
    const answer = await send(`${host.url}/picture`);
    expectStored(answer);
    expect(answer.body).toMatchObject({ size: picture.length, fileType: "image", width: 6, height: 4 });
    expect((await deliver(original(answer.body.url))).bytes).toEqual(picture);
  });

  test("is downloaded with a token as well, wherever the token stands", async () => {
    const file = textPart("file", ` ${host.url}/picture\r\n`);
    expectStored(await post(server.url, [file, ...withToken(mint(fields))]));
    expectStored(await post(server.url, [...withToken(mint(fields)).toReversed(), file]));
  });

  test("may redirect three times, not four", async () => {
    const { body } = await send(`${host.url}/hops/3`);
    expect((await deliver(original(body.url))).bytes.toString()).toBe("arrived");
    expectRefusal(await send(`${host.url}/hops/4`), 400, "FILE_URL_UNREACHABLE");
  });

  test("is measured by the bytes downloaded, announced or not", async () => {
    for (const kind of ["large", "large-in-chunks"]) {
      const answer = await send(`${host.url}/${kind}`);
      expectRefusal(answer, 400, "FILE_TOO_LARGE");
      expect(answer.body.message).toBe(
        `Your request contains invalid file parameter. The file size exceeds ${maxFileSize} bytes limit.`,
      );
    }
  });

  test("is refused when it can't be downloaded, without a word of the answer", async () => {
    const missing = await send(`${host.url}/missing`);
    expectRefusal(missing, 400, "FILE_URL_UNREACHABLE");
    expect(missing.body.help).toContain("404");
    expect(JSON.stringify(missing.body)).not.toContain("secrets");
    const closed = await startFileHost(() => {});
    await closed.close();
    expectRefusal(await send(closed.url), 400, "FILE_URL_UNREACHABLE");
    expectRefusal(await send(host.url.replace("http:", "https:")), 400, "FILE_URL_UNREACHABLE");
    expectRefusal(await send("http://no-such-host.invalid/"), 400, "FILE_URL_UNREACHABLE");
  });

  test("is refused when its headers do not come in time, or its body stands still", async () => {
    for (const kind of ["silent", "stalled"]) {
      expectRefusal(await send(`${host.url}/${kind}`), 400, "FILE_URL_UNREACHABLE");
    }
  });

  test("that answers with nothing is an empty file", async () => {
    expectRefusal(await send(`${host.url}/empty`), 400, "FILE_MISSING");
  });

  test("that is none is refused: credentials, no host", async () => {
    for (const url of [host.url.replace("//", "//user:password@"), "http://", "https://:80/"]) {
      expectRefusal(await send(url), 400, "FILE_URL_NOT_ALLOWED");
    }
    expectRefusal(await send(`${host.url}/${"a".repeat(8192)}`), 400, "PARAMETER_TOO_LARGE");
  });

  test("burns the token even when the download fails, and says not to retry", async () => {
    const parts = [textPart("file", `${host.url}/missing`), ...withToken(mint(fields))];
    const failed = await post(server.url, parts);
    expectRefusal(failed, 400, "FILE_URL_UNREACHABLE");
    expect(failed.headers.get("x-should-retry")).toBe("false");
    expectRefusal(await post(server.url, parts), 400, "TOKEN_USED");
  });

  test("is given up when the client leaves", async () => {
    const parts = [textPart("file", `${host.url}/dribble`), ...textParts(fields)];
    const upload = openUpload(server.url, parts, { headers: { authorization: basic } });
    const before = host.connections;
    upload.finish();
    await expect.poll(() => host.connections).toBe(before + 1);
    upload.abort();
    await expect.poll(() => host.openConnections).toBe(0);
    await expect.poll(() => spoolFiles(server.dataDir)).toEqual([]);
  });
});

describe("nobody makes the server connect to anything", () => {
  test.each<[who: string, reason: string, parts: () => readonly RawPart[], authorization?: string]>([
    ["without credentials", "TOKEN_MISSING", () => textParts(fields)],
    ["with a wrong key", "ACCOUNT_NOT_AUTHENTICATED", () => textParts(fields), "Basic d3Jvbmc6"],
    ["with a forged token", "TOKEN_INVALID", () => withToken(breakSignature(mint(fields)))],
    ["with a token for other parameters", "PAYLOAD_MISMATCH", () => withToken(mint({ fileName: "other.bin" }))],
    ["with a token for more parameters", "PAYLOAD_MISMATCH", () => withToken(mint({ ...fields, tags: "a" }))],
    ["with a parameter that is wrong", "PARAMETER_INVALID", () => textParts({ ...fields, isPublished: "no" }), basic],
    ["without a name for the file", "FILE_NAME_MISSING", () => [], basic],
  ])("%s", async (_who, reason, parts, authorization) => {
    const before = host.connections;
    const file = textPart("file", `${host.url}/picture`);
    for (const form of [
      [file, ...parts()],
      [...parts(), file],
    ]) {
      const answer = await post(server.url, form, authorization === undefined ? {} : { authorization });
      expect(answer.body).toMatchObject({ reason });
    }
    expect(host.connections).toBe(before);
  });

  test("with a token that has been used", async () => {
    const parts = [textPart("file", "aGVsbG8="), ...withToken(mint(fields))];
    expectStored(await post(server.url, parts));
    const before = host.connections;
    const replay = [textPart("file", `${host.url}/picture`), ...parts.slice(1)];
    expectRefusal(await post(server.url, replay), 400, "TOKEN_USED");
    expect(host.connections).toBe(before);
  });
});

describe("unless private networks are allowed", () => {
  test.each([
    "127.0.0.1",
    "localhost",
    "127.1",
    "2130706433",
    "0x7f000001",
    "0177.0.0.1",
    "127.0.0.1.",
    "[::ffff:127.0.0.1]",
    "[::1]",
    "0.0.0.0",
    "10.0.0.1",
    "169.254.169.254",
    "[fd00:ec2::254]",
    "[64:ff9b::7f00:1]",
  ])("%s is not connected to", async (name) => {
    const before = host.connections;
    const answer = await send(`http://${name}:${new URL(host.url).port}/picture`, { to: guarded });
    expectRefusal(answer, 400, "FILE_URL_NOT_ALLOWED");
    expect(host.connections).toBe(before);
  });
});

describe("a file of an origin", () => {
  const secretsKey = "7a".repeat(32);

  /** @returns the beginning of the URLs of a new endpoint with the origin */
  async function addOrigin(to: RunningServer, urlPrefix: string, origin: object): Promise<string> {
    const made = await call(to.url, "POST", "/v1/accounts/origins", { body: { name: "Host", ...origin } });
    expect(made.status, JSON.stringify(made.body)).toBe(201);
    const body = { description: "Host", urlPrefix, origins: [made.body.id] };
    expect((await call(to.url, "POST", "/v1/accounts/url-endpoints", { body })).status).toBe(201);
    return `${to.url}/demo/${urlPrefix}`;
  }

  test("is delivered as a file of the library is, and is in no list", async () => {
    const at = await addOrigin(server, "web", { type: "WEB_FOLDER", baseUrl: `${host.url}/picture` });
    const { status, bytes } = await deliver(original(`${at}/a.png`));
    expect([status, bytes.equals(picture)]).toEqual([200, true]);
    expect((await deliver(`${at}/a.png?tr=w-10,f-webp`)).headers["content-type"]).toBe("image/webp");
    const listed = await call(server.url, "GET", "/v1/files?searchQuery=name%20%3D%20%22a.png%22");
    expect([listed.status, listed.body]).toEqual([200, []]);
  });

  test("is not read from inside, whatever a signed URL of a web proxy names", async () => {
    const inside = { type: "WEB_FOLDER", name: "Inside", baseUrl: host.url };
    const refused = await call(guarded.url, "POST", "/v1/accounts/origins", { body: inside });
    expect([refused.status, refused.body.message]).toEqual([400, "baseUrl leads to an address that is not public"]);
    const at = await addOrigin(guarded, "proxy", { type: "WEB_PROXY" });
    const before = host.connections;
    for (const url of [`${host.url}/picture`, host.url.replace("127.0.0.1", "localhost"), "http://169.254.169.254/"]) {
      const target = `${at}/${encodeURIComponent(url)}`;
      expect((await deliver(target)).status, url).toBe(401);
      const answer = await deliver(sign(target, `${at}/`, keys.privateKey));
      expect([answer.status, answer.headers["ik-error"]], url).toEqual([
        404,
        "ECONNREFUSED - The origin could not be read",
      ]);
    }
    expect(host.connections).toBe(before);
  });

  test("needs a key for its secrets, and neither answers nor logs tell them", async () => {
    const bucket = { bucket: "b", endpoint: host.url, s3ForcePathStyle: true, accessKey: "AKIA", secretKey: "geheim" };
    const body = { type: "S3_COMPATIBLE", name: "Bucket", ...bucket };
    // A server on SQLite makes a key for itself. Servers of a cluster have to be given the same one.
    const without = await call(server.url, "POST", "/v1/accounts/origins", { body });
    expect([without.status, without.body.reason]).toEqual(onCluster ? [400, "SECRETS_KEY_MISSING"] : [201, undefined]);
    const flags = ["--allow-private-networks", "--secrets-key", secretsKey, "--log-level", "trace"];
    const keyed = await startServer({ flags });
    try {
      const at = await addOrigin(keyed, "bucket", body);
      expect((await deliver(`${at}/a.txt`)).headers["ik-error"]).toMatch(/^ENOENT/);
      const origins = await call(keyed.url, "GET", "/v1/accounts/origins");
      const told = JSON.stringify(origins.body) + keyed.output();
      for (const secret of ["AKIA", "geheim", secretsKey]) expect(told).not.toContain(secret);
    } finally {
      await keyed.stop();
    }
  });
});
