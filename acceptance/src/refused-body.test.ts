import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { blobFiles, spoolFiles } from "./harness/data-dir.ts";
import { expectRefusal, expectStored } from "./harness/expectations.ts";
import { listFiles } from "./harness/library.ts";
import { encodeForm, filePart, type RawPart, textPart, textParts } from "./harness/multipart.ts";
import { openUpload } from "./harness/open-upload.ts";
import { basicFor } from "./harness/private-key.ts";
import { type RawAnswer, RawConnection } from "./harness/raw-http.ts";
import { breakSignature } from "./harness/raw-token.ts";
import { type RunningServer, startServer } from "./harness/server.ts";
import { basic, mint, uploadWithToken } from "./harness/upload.ts";

const MiB = 1024 * 1024;
const fields = { fileName: "body.bin" } as const;

let server: RunningServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server?.stop());

interface RawUpload {
  readonly parts: readonly RawPart[];
  readonly headers?: readonly string[];
  readonly version?: 1 | 2;
  readonly chunked?: boolean;
}

function rawUpload({ parts, headers = [], version = 2, chunked = false }: RawUpload): { head: string; body: Buffer } {
  const { contentType, body } = encodeForm(parts);
  const lines = [
    `POST /api/v${version}/files/upload HTTP/1.1`,
    "host: uploads.test",
    `content-type: ${contentType}`,
    chunked ? "transfer-encoding: chunked" : `content-length: ${body.length}`,
    ...headers,
  ];
  const framed = chunked ? [`${body.length.toString(16)}\r\n`, body, "\r\n0\r\n\r\n"] : [body];
  return {
    head: `${lines.join("\r\n")}\r\n\r\n`,
    body: Buffer.concat(framed.map((piece) => Buffer.from(piece as Buffer))),
  };
}

function refusalOf({ status, text }: RawAnswer) {
  return { status, body: JSON.parse(text) };
}

/** These options are for the tokens in tables, which are minted long before the table's last test runs. */
const longLived = { expiresIn: 3600 } as const;

describe("a refused upload still gets its whole answer", () => {
  const large = filePart(Buffer.alloc(24 * MiB, 0x61));
  const cases: [what: string, status: number, reason: string, upload: RawUpload][] = [
    [
      "a bad token before the file",
      400,
      "TOKEN_INVALID",
      { parts: [textPart("token", breakSignature(mint(fields, longLived))), ...textParts(fields), large] },
    ],
    [
      "a bad token before the file, in chunks",
      400,
      "TOKEN_INVALID",
      { parts: [textPart("token", "no token"), ...textParts(fields), large], chunked: true },
    ],
    [
      "an unsigned field before the file",
      400,
      "PAYLOAD_MISMATCH",
      { parts: [textPart("token", mint(fields, longLived)), ...textParts({ ...fields, tags: "extra" }), large] },
    ],
    [
      "a wrong key",
      403,
      "ACCOUNT_NOT_AUTHENTICATED",
      { parts: [...textParts(fields), large], headers: [`authorization: ${basicFor("private_other")}`] },
    ],
    [
      "a wrong key on V1",
      403,
      "ACCOUNT_NOT_AUTHENTICATED",
      { parts: [...textParts(fields), large], headers: [`authorization: ${basicFor("private_other")}`], version: 1 },
    ],
    ["no token at all", 400, "TOKEN_MISSING", { parts: [...textParts(fields), large] }],
    [
      "a file over the limit",
      400,
      "FILE_TOO_LARGE",
      {
        parts: [...textParts(fields), filePart(Buffer.alloc(32 * MiB, 0x61))],
        headers: [`authorization: ${basic}`],
      },
    ],
  ];

  test.each(cases)(
    "%s: a client that reads only after its last byte gets the JSON, and no reset",
    async (_what, status, reason, upload) => {
      const { head, body } = rawUpload(upload);
      const connection = await RawConnection.open(server.url);
      try {
        await connection.write(head);
        await connection.write(body);
        expectRefusal(refusalOf(await connection.readAnswer()), status, reason);
      } finally {
        connection.destroy();
      }
    },
  );

  test("the connection can be used again after a refused body was read to its end", async () => {
    const { head, body } = rawUpload({ parts: [textPart("token", "no token"), filePart(Buffer.alloc(MiB))] });
    const connection = await RawConnection.open(server.url);
    try {
      for (const _attempt of [1, 2]) {
        await connection.write(head);
        await connection.write(body);
        expectRefusal(refusalOf(await connection.readAnswer()), 400, "TOKEN_INVALID");
      }
    } finally {
      connection.destroy();
    }
  });

  test("nor does a body that is too large for its route end the connection", async () => {
    const body = Buffer.alloc(MiB, "x");
    const head = [
      "POST /_sluice/upload-outcome HTTP/1.1",
      "host: sluice",
      "content-type: application/json",
      `content-length: ${body.length}`,
    ];
    const connection = await RawConnection.open(server.url);
    try {
      for (const _attempt of [1, 2]) {
        await connection.write(`${head.join("\r\n")}\r\n\r\n`);
        await connection.write(body);
        expectRefusal(refusalOf(await connection.readAnswer()), 413, "BODY_TOO_LARGE");
      }
    } finally {
      connection.destroy();
    }
  });

  test.each([
    ["a token that is invalid", "TOKEN_INVALID", "no token", fields],
    ["a field that is not signed", "PAYLOAD_MISMATCH", mint(fields, longLived), { ...fields, tags: "extra" }],
    ["a field that differs", "PAYLOAD_MISMATCH", mint(fields, longLived), { fileName: "other.bin" }],
  ])("%s is refused at once, before the file comes", async (_what, reason, token, form) => {
    const upload = openUpload(server.url, [textPart("token", token), ...textParts(form), filePart("never sent")]);
    try {
      await upload.sendUntil('name="file"');
      expectRefusal(await upload.answer, 400, reason);
    } finally {
      upload.abort();
    }
  });

  test("a field that is missing can only be missed at the end of the form", async () => {
    const token = mint({ ...fields, tags: "late" }, longLived);
    const form = [textPart("token", token), ...textParts(fields), filePart("hello")];
    const complete = openUpload(server.url, [...form, textPart("tags", "late")]);
    await complete.sendUntil('name="tags"');
    complete.finish();
    expectStored(await complete.answer);
    const incomplete = [
      textPart("token", mint({ ...fields, tags: "late" }, longLived)),
      ...textParts(fields),
      filePart("hello"),
    ];
    const upload = openUpload(server.url, incomplete);
    upload.finish();
    expectRefusal(await upload.answer, 400, "PAYLOAD_MISMATCH");
  });
});

describe("Expect: 100-continue", () => {
  const parts = [...textParts(fields), filePart("hello")];

  async function expecting(upload: RawUpload, use: (connection: RawConnection, body: Buffer) => Promise<void>) {
    const { head, body } = rawUpload({ ...upload, headers: [...(upload.headers ?? []), "expect: 100-continue"] });
    const connection = await RawConnection.open(server.url);
    try {
      await connection.write(head);
      await use(connection, body);
    } finally {
      connection.destroy();
    }
  }

  test.each([1, 2] as const)("with a wrong key on V%i gets the final answer and no 100", async (version) => {
    const headers = [`authorization: ${basicFor("private_other")}`];
    await expecting({ parts, headers, version }, async (connection) => {
      expectRefusal(refusalOf(await connection.readAnswer()), 403, "ACCOUNT_NOT_AUTHENTICATED");
    });
  });

  test.each([
    ["a good key", 2, [`authorization: ${basic}`], parts],
    ["a good key on V1", 1, [`authorization: ${basic}`], parts],
    ["a token, which is in the body", 2, [], [...parts, textPart("token", mint(fields, longLived))]],
  ] as const)("with %s gets 100 first and 200 after the body", async (_what, version, headers, form) => {
    await expecting({ parts: form, headers, version }, async (connection, body) => {
      expect(await connection.readAnswer()).toMatchObject({ status: 100, text: "" });
      await connection.write(body);
      expectStored(refusalOf(await connection.readAnswer()));
    });
  });
});

describe("a client that goes away in the middle of the body", () => {
  const half = Buffer.alloc(2 * MiB, 0x61);
  const file = filePart(Buffer.concat([half, Buffer.from("the other half"), half]));

  /** Sends the first half of the file, waits until it is on the disk, and cuts the connection. */
  async function abortMidBody(parts: readonly RawPart[], headers: Record<string, string> = {}): Promise<void> {
    const upload = openUpload(server.url, parts, { headers });
    try {
      await upload.sendUntil("the other half");
      await expect.poll(() => spoolFiles(server.dataDir)).toHaveLength(1);
    } finally {
      upload.abort();
    }
    await expect.poll(() => spoolFiles(server.dataDir)).toEqual([]);
  }

  async function expectNothingStored(parts: readonly RawPart[], headers?: Record<string, string>): Promise<void> {
    const before = { files: await listFiles(server.url), blobs: await blobFiles(server.dataDir) };
    await abortMidBody(parts, headers);
    expect({ files: await listFiles(server.url), blobs: await blobFiles(server.dataDir) }).toEqual(before);
  }

  test("before the token came: nothing is left, and the token is unused", async () => {
    const token = mint(fields);
    await expectNothingStored([file, ...textParts(fields), textPart("token", token)]);
    expectStored(await uploadWithToken(server.url, "hello", fields, token));
  });

  test("after the token came: nothing is left, and the token is used", async () => {
    const token = mint(fields);
    await expectNothingStored([textPart("token", token), ...textParts(fields), file]);
    expectRefusal(await uploadWithToken(server.url, "hello", fields, token), 400, "TOKEN_USED");
  });

  test("beside Basic: nothing is left", async () => {
    await expectNothingStored([...textParts(fields), file], { authorization: basic });
  });

  test("is no error of the server's", () => {
    expect(server.output()).not.toMatch(/"level":(50|60)/);
  });
});
