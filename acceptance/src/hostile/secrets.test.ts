import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createAccount } from "../harness/account.ts";
import { deliver } from "../harness/deliver.ts";
import { call } from "../harness/media-api.ts";
import { filePart, textPart, textParts } from "../harness/multipart.ts";
import { basicFor } from "../harness/private-key.ts";
import { exchange } from "../harness/raw-http.ts";
import { breakSignature } from "../harness/raw-token.ts";
import { keys, type ServerProcess, startServerProcess } from "../harness/server.ts";
import { sign } from "../harness/sign.ts";
import { basic, mint, post, uploadBasic, uploadWithToken } from "../harness/upload.ts";

let server: ServerProcess;
beforeAll(async () => {
  server = await startServerProcess({ flags: ["--log-level", "trace"] });
});
afterAll(() => server?.stop());

const fields = { fileName: "secret.txt" } as const;

describe("what nobody else may learn", () => {
  test("stands in no line of the log and in no answer, whatever goes wrong", async () => {
    const token = mint(fields);
    const { body } = await uploadBasic(server.url, "hello", { fileName: "private.txt", isPrivateFile: "true" });
    const signed = sign(body.url, `${server.url}/demo/`, keys.privateKey);
    const signature = new URL(signed).searchParams.get("ik-s") ?? "";
    const wrong = "private_somebody_else";
    const secrets = [keys.privateKey, basic.slice(6), signature, wrong, ...token.split(".").slice(1)];
    const answers: unknown[] = [];
    const note = async (answer: Promise<unknown>): Promise<void> => {
      answers.push(await answer);
    };

    await note(uploadWithToken(server.url, "hello", fields, token));
    await note(uploadWithToken(server.url, "hello", fields, token));
    await note(uploadWithToken(server.url, "hello", fields, breakSignature(token)));
    await note(uploadWithToken(server.url, "hello", { ...fields, tags: "more" }, token));
    await note(post(server.url, [textPart("token", `${token}\n`), ...textParts(fields), filePart("x")]));
    await note(post(server.url, [...textParts({ ...fields, token }), filePart("x")], { authorization: basic }));
    await note(post(server.url, [textPart("token", token)], { version: 1 }));
    for (const authorization of [basicFor(wrong), `Basic ${wrong}`, `Bearer ${token}`, basicFor("", keys.privateKey)]) {
      await note(post(server.url, [...textParts(fields), filePart("x")], { authorization }));
      await note(call(server.url, "GET", "/v1/files", { authorization }));
    }
    for (const url of [signed, signed.replace("private.txt", "other.txt"), `${signed}&ik-t=1`, `${signed}0`]) {
      const { status, headers, bytes } = await deliver(url);
      answers.push({ status, headers, text: bytes.toString() });
    }
    const target = new URL(signed).pathname + new URL(signed).search;
    for (const lines of [
      `authorization: ${basic}\r\nbroken`,
      `authorization: ${basic}\r\nx: \0`,
      `x: ${"y".repeat(40_000)}`,
    ]) {
      await note(exchange(server.url, `GET ${target} HTTP/1.1\r\nhost: test\r\n${lines}\r\n\r\n`));
    }
    await note((await fetch(`${server.url}/metrics`)).text());
    await note((await fetch(`${server.url}/`, { headers: { accept: "text/html" } })).text());
    await note((await fetch(`${server.url}/_sluice/demo`)).text());

    for (const secret of secrets) {
      expect(secret.length).toBeGreaterThan(8);
      expect(JSON.stringify(answers)).not.toContain(secret);
      expect(server.output()).not.toContain(secret);
    }
  });

  test("lies in files that their owner alone may read", async () => {
    await createAccount(server.dataDir, "owner");
    const entries = await readdir(server.dataDir, { recursive: true });
    const open: string[] = [];
    for (const name of ["", ...entries]) {
      const { mode } = await stat(join(server.dataDir, name));
      // A file in a folder that nobody else may enter is out of reach, whatever its own mode.
      if (name === "" || /private|key|\.upload$|^blobs\/..\/.{34}$/.test(name)) {
        if ((mode & 0o077) !== 0) open.push(`${name}: ${(mode & 0o777).toString(8)}`);
      }
    }
    expect(open).toEqual([]);
  });
});

describe("what an answer gives away", () => {
  test("of another account: as much as of one that does not exist", async () => {
    const other = await createAccount(server.dataDir, "other");
    const { body } = await uploadBasic(server.url, "hello", { fileName: "theirs.txt" });
    const version = body.versionInfo.id;
    const unknown = "0123456789abcdef01234567";
    const paths = (fileId: string, versionId: string) =>
      [
        ["GET", `/v1/files/${fileId}/details`],
        ["PATCH", `/v1/files/${fileId}/details`],
        ["DELETE", `/v1/files/${fileId}`],
        ["GET", `/v1/files/${fileId}/versions`],
        ["GET", `/v1/files/${fileId}/versions/${versionId}`],
        ["DELETE", `/v1/files/${fileId}/versions/${versionId}`],
        ["PUT", `/v1/files/${fileId}/versions/${versionId}/restore`],
      ] as const;
    const own = (await uploadBasic(server.url, "own", { fileName: "own.txt" }, { authorization: other.authorization }))
      .body;
    const mixed = paths(own.fileId, version).slice(4);
    for (const [theirs, nothing] of [
      [paths(body.fileId, version), paths(unknown, unknown)],
      [mixed, paths(own.fileId, unknown).slice(4)],
    ] as const) {
      for (const [index, [method, path]] of theirs.entries()) {
        const { authorization } = other;
        const answer = await call(server.url, method, path, { authorization });
        const blank = await call(server.url, method, nothing[index]?.[1] ?? "", { authorization });
        expect([answer.status, answer.body]).toEqual([blank.status, blank.body]);
        expect(answer.status).toBe(404);
      }
    }
    const listed = await call(server.url, "GET", "/v1/files", { authorization: other.authorization });
    expect(listed.body.map(({ fileId }: { fileId: string }) => fileId)).toEqual([own.fileId]);
    expect((await deliver(body.url.replace("/demo/", "/other/"))).status).toBe(404);
    const borrowed = sign(body.url, `${server.url}/demo/`, other.privateKey);
    expect((await deliver(borrowed)).status).toBe(401);
    expect((await deliver(body.url)).bytes.toString()).toBe("hello");
  });

  test("of a draft and of a private file: nothing that tells them from a missing one, or their content", async () => {
    const upload = (fileName: string, more: Record<string, string>) =>
      uploadBasic(server.url, "hidden content", { fileName, useUniqueFileName: "false", ...more });
    const { body: draft } = await upload("draft.txt", { isPublished: "false" });
    const { body: hidden } = await upload("hidden.txt", { isPrivateFile: "true" });
    const conditions = {
      "if-none-match": "*",
      "if-modified-since": new Date(Date.now() + 1e8).toUTCString(),
      range: "bytes=0-1",
    };
    for (const [url, status] of [
      [draft.url, 404],
      [hidden.url, 401],
      [`${server.url}/demo/missing.txt`, 404],
    ] as const) {
      for (const headers of [{}, conditions]) {
        for (const method of ["GET", "HEAD"]) {
          const answer = await deliver(url, { method, headers });
          expect(answer.status).toBe(status);
          for (const name of ["etag", "last-modified", "accept-ranges", "content-range", "content-disposition"]) {
            expect(answer.headers[name]).toBeUndefined();
          }
        }
      }
    }
    const [one, none] = await Promise.all([deliver(draft.url), deliver(`${server.url}/demo/missing.txt`)]);
    const comparable = ({ headers }: typeof one) => ({
      ...headers,
      date: "",
      "x-request-id": "",
      "x-ik-requestid": "",
    });
    expect(comparable(one)).toEqual(comparable(none));
  });
});
