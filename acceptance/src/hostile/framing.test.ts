import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { deliver, original } from "../harness/deliver.ts";
import { listFiles } from "../harness/library.ts";
import { encodeForm, filePart, textPart } from "../harness/multipart.ts";
import { exchange, RawConnection } from "../harness/raw-http.ts";
import { type RunningServer, startServer } from "../harness/server.ts";
import { basic } from "../harness/upload.ts";
import { alarmsOf } from "./support/alarms.ts";
import { statusesIn, wholeAnswer } from "./support/whole-answer.ts";

let server: RunningServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server?.stop());

const upload = "POST /api/v2/files/upload HTTP/1.1\r\nhost: test\r\n";
const hidden = `DELETE /v1/files/0123456789abcdef01234567 HTTP/1.1\r\nhost: test\r\nauthorization: ${basic}\r\n\r\n`;
const health = "GET /health HTTP/1.1\r\nhost: test\r\n";

/** Two HTTP parsers could see the end of these requests, and so the start of the next one, in different places. */
const ambiguous: [what: string, bytes: string][] = [
  ["a length and chunks", `${upload}content-length: 4\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n${hidden}`],
  ["chunks and a length", `${upload}transfer-encoding: chunked\r\ncontent-length: 4\r\n\r\n0\r\n\r\n${hidden}`],
  ["two lengths", `${upload}content-length: 0\r\ncontent-length: ${hidden.length}\r\n\r\n${hidden}`],
  ["one length twice", `${upload}content-length: 4\r\ncontent-length: 4\r\n\r\nabcd${hidden}`],
  ["a list of lengths", `${upload}content-length: 4, 4\r\n\r\nabcd${hidden}`],
  ["a length with a sign", `${upload}content-length: +4\r\n\r\nabcd${hidden}`],
  ["a negative length", `${upload}content-length: -1\r\n\r\n${hidden}`],
  ["a length in hexadecimal", `${upload}content-length: 0x4\r\n\r\nabcd${hidden}`],
  ["a length beyond all numbers", `${upload}content-length: 18446744073709551617\r\n\r\na${hidden}`],
  ["a blank before the colon", `${upload}content-length : 4\r\n\r\nabcd${hidden}`],
  ["a folded header", `${upload}x: a\r\n content-length: 4\r\n\r\nabcd${hidden}`],
  ["a coding that only begins like chunks", `${upload}transfer-encoding: chunkedx\r\n\r\n0\r\n\r\n${hidden}`],
  ["chunks that are not the last coding", `${upload}transfer-encoding: chunked, identity\r\n\r\n0\r\n\r\n${hidden}`],
  ["chunks in another coding", `${upload}transfer-encoding: gzip, chunked\r\n\r\n0\r\n\r\n${hidden}`],
  ["two codings", `${upload}transfer-encoding: chunked\r\ntransfer-encoding: x\r\n\r\n0\r\n\r\n${hidden}`],
  ["a vertical tab in the coding", `${upload}transfer-encoding:\x0bchunked\r\n\r\n0\r\n\r\n${hidden}`],
  ["a chunk without a size", `${upload}transfer-encoding: chunked\r\n\r\n\r\nabc\r\n0\r\n\r\n${hidden}`],
  ["a chunk with a size of letters", `${upload}transfer-encoding: chunked\r\n\r\nxyz\r\nabc\r\n0\r\n\r\n${hidden}`],
  ["a chunk beyond all numbers", `${upload}transfer-encoding: chunked\r\n\r\n${"f".repeat(17)}\r\na${hidden}`],
  ["chunks with bare line feeds", `${upload}transfer-encoding: chunked\r\n\r\n1\na\n0\n\n${hidden}`],
  ["endless extensions of a chunk", `${upload}transfer-encoding: chunked\r\n\r\n1;${"a".repeat(40_000)}\r\n`],
  ["header lines with bare line feeds", `GET /health HTTP/1.1\nhost: test\n\n${hidden}`],
  ["header lines with bare carriage returns", `GET /health HTTP/1.1\rhost: test\r\r${hidden}`],
  ["a NUL in a header", `${health}x: a\0b\r\n\r\n${hidden}`],
  ["a header without a name", `${health}: a\r\n\r\n${hidden}`],
  ["two hosts", `${health}host: other\r\n\r\n${hidden}`],
  ["no host", `GET /health HTTP/1.1\r\n\r\n${hidden}`],
  ["no version", "GET /health\r\n\r\n"],
  ["no version, with another request behind it", `GET /health\r\n\r\n${hidden}`],
  ["another version", `GET /health HTTP/1.2\r\nhost: test\r\n\r\n${hidden}`],
  ["HTTP/2", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"],
  ["a control character in the target", `GET /he\x01alth HTTP/1.1\r\nhost: test\r\n\r\n${hidden}`],
  ["TLS", "\x16\x03\x01\0\xa5\x01\0\0\xa1\x03\x03"],
];

describe("what can be read in two ways is refused, and the connection closed before anything hidden in it is read", () => {
  const ofDeliveries = ambiguous.flatMap(([what, bytes]): [what: string, bytes: string][] =>
    ["GET", "PUT"].map((method) => [
      `${what}, to a delivery URL by ${method}`,
      bytes.replace(/^(POST|GET) \/\w+/, `${method} /demo`),
    ]),
  );

  test.each([...ambiguous, ...ofDeliveries])("%s", async (_what, bytes) => {
    const text = await wholeAnswer(server.url, Buffer.from(bytes, "latin1"));
    const [status] = statusesIn(text);
    expect([status, statusesIn(text).length]).toEqual([status === 431 ? 431 : 400, 1]);
    const { message, reason } = JSON.parse(text.slice(text.indexOf("\r\n\r\n")));
    expect(message).toEqual(expect.any(String));
    expect(["HTTP_INVALID", "HEADERS_TOO_LARGE"]).toContain(reason);
    expect(text).toMatch(/\r\nx-ik-requestid: [0-9a-f-]{36}\r\n/i);
    expect(text).toMatch(/\r\nconnection: close\r\n/i);
  });

  test("none of it is an error of the server's", () => {
    expect(alarmsOf(server)).toEqual([]);
  });
});

describe("a body that breaks in the middle", () => {
  const broken = "1\r\nabc\r\n0\r\n\r\n";

  test("behind its refusal gets no second answer, which would be taken for the next request's", async () => {
    const text = await wholeAnswer(server.url, `${upload}transfer-encoding: chunked\r\n\r\n${broken}${hidden}`);
    expect(statusesIn(text)).toEqual([400]);
    expect(text).toContain("CONTENT_TYPE_INVALID");
  });

  test("of an upload that was wanted is refused, once, and stored nowhere", async () => {
    const before = await listFiles(server.url);
    const head = `${upload}authorization: ${basic}\r\ncontent-type: multipart/form-data; boundary=b\r\n`;
    const text = await wholeAnswer(server.url, `${head}transfer-encoding: chunked\r\n\r\n${broken}${hidden}`);
    expect(statusesIn(text)).toEqual([400]);
    expect(text).toContain("HTTP_INVALID");
    expect(await listFiles(server.url)).toEqual(before);
  });
});

describe("what asks for more than HTTP/1.1", () => {
  test("a tunnel is not built", async () => {
    expect(statusesIn(await wholeAnswer(server.url, "CONNECT 127.0.0.1:80 HTTP/1.1\r\nhost: test\r\n\r\n"))).toEqual(
      [],
    );
  });

  test.each(["websocket", "h2c", "TLS/1.0"])("an upgrade to %s is passed over", async (protocol) => {
    const asked = `${health}connection: upgrade, close\r\nupgrade: ${protocol}\r\n\r\n`;
    expect(statusesIn(await wholeAnswer(server.url, asked))).toEqual([200]);
  });
});

test.each(["/demo/a.jpg", "/api/v2/files/upload"])(
  "a preflight of %s may bring a body, whatever it is",
  async (target) => {
    for (const type of ["", "content-type: application/json\r\n", "content-type: text/x\r\n"]) {
      const request = `OPTIONS ${target} HTTP/1.1\r\nhost: test\r\n${type}content-length: 3\r\n\r\n{"}`;
      expect((await exchange(server.url, request)).status).toBe(204);
    }
  },
);

describe("requests in a pipeline", () => {
  const form = encodeForm([textPart("fileName", "piped.txt"), filePart("hello")]);
  const good = Buffer.concat([
    Buffer.from(`${upload}authorization: ${basic}\r\ncontent-type: ${form.contentType}\r\n`),
    Buffer.from(`content-length: ${form.body.length}\r\n\r\n`),
    form.body,
  ]);
  const refused = Buffer.from(`${upload}content-type: text/plain\r\ncontent-length: ${hidden.length}\r\n\r\n${hidden}`);

  test("behind a refused upload the next one is read where that one ends: nothing in its body is a request", async () => {
    const connection = await RawConnection.open(server.url);
    try {
      const before = await listFiles(server.url);
      await connection.write(Buffer.concat([refused, good, refused, good]));
      const statuses: number[] = [];
      for (let answer = 0; answer < 4; answer++) statuses.push((await connection.readAnswer()).status);
      expect(statuses).toEqual([400, 200, 400, 200]);
      expect(await listFiles(server.url)).toHaveLength(before.length + 2);
    } finally {
      connection.destroy();
    }
  });

  test.each([
    ["what is no HTTP", "\x01\r\n\r\n", [200, 200, 400]],
    ["a tunnel", "CONNECT 127.0.0.1:80 HTTP/1.1\r\nhost: test\r\n\r\n", [200, 200]],
  ])(
    "are answered before %s behind them is refused, so that nothing is stored unsaid",
    async (_what, input, statuses) => {
      const before = await listFiles(server.url);
      const asked = [good, Buffer.from(`${health}\r\n`), Buffer.from(input, "latin1")];
      const text = await wholeAnswer(server.url, Buffer.concat(asked));
      expect(statusesIn(text)).toEqual(statuses);
      expect(text).toContain('"fileId"');
      expect(await listFiles(server.url)).toHaveLength(before.length + 1);
    },
  );

  test("share reads of the connection, and each keeps its own bytes", async () => {
    const files = Array.from({ length: 60 }, (_, turn) => randomBytes(1 + ((turn * 7919) % 150_000)));
    const requests = files.map((bytes, turn) => {
      const { contentType, body } = encodeForm([textPart("fileName", `shared-${turn}.bin`), filePart(bytes)]);
      const head = `${upload}authorization: ${basic}\r\ncontent-type: ${contentType}\r\ncontent-length: ${body.length}\r\n\r\n`;
      return Buffer.concat([Buffer.from(head), body]);
    });
    const connection = await RawConnection.open(server.url);
    try {
      const writing = connection.write(Buffer.concat(requests));
      for (const bytes of files) {
        const answer = await connection.readAnswer();
        expect(answer.status).toBe(200);
        const { url } = JSON.parse(answer.text) as { url: string };
        expect((await deliver(original(url))).bytes.equals(bytes)).toBe(true);
      }
      await writing;
    } finally {
      connection.destroy();
    }
  });

  test("are answered in their order, many at a time, without a word in the log", async () => {
    const connection = await RawConnection.open(server.url);
    try {
      await connection.write(Buffer.concat(Array.from({ length: 40 }, (_, turn) => (turn % 4 === 3 ? refused : good))));
      for (let turn = 0; turn < 40; turn++) {
        expect((await connection.readAnswer()).status).toBe(turn % 4 === 3 ? 400 : 200);
      }
      expect(alarmsOf(server)).toEqual([]);
    } finally {
      connection.destroy();
    }
  });
});
