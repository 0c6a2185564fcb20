import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { deliver, original } from "../harness/deliver.ts";
import { exchange } from "../harness/raw-http.ts";
import { jpeg } from "../harness/samples.ts";
import { type RunningServer, startServer } from "../harness/server.ts";
import { basic, uploadBasic } from "../harness/upload.ts";
import { alarmsOf } from "./support/alarms.ts";

let server: RunningServer;
let picture: string;
beforeAll(async () => {
  server = await startServer();
  const answer = await uploadBasic(server.url, await jpeg(), { fileName: "a.jpg", useUniqueFileName: "false" });
  picture = answer.body.url;
});
afterAll(() => server?.stop());

/** The parts of an answer that a cache keeps, without those that belong to a single request. */
const kept = ({ status, headers, bytes }: Awaited<ReturnType<typeof deliver>>) => {
  const { date: _date, "x-request-id": _id, "x-ik-requestid": _ik, ...others } = headers;
  return { status, headers: others, bytes: bytes.toString("latin1") };
};

/** Headers that no cache includes in its key, so none of them may change the answer. */
const unkeyed: Record<string, string> = {
  "x-forwarded-host": "evil.example",
  "x-forwarded-proto": "gopher",
  "x-forwarded-for": "127.0.0.1",
  "x-forwarded-prefix": "/evil",
  forwarded: "for=127.0.0.1;host=evil.example;proto=https",
  "x-host": "evil.example",
  "x-original-url": "/demo/missing.txt",
  "x-rewrite-url": "/demo/missing.txt",
  "x-http-method-override": "DELETE",
  "x-method-override": "DELETE",
  "x-real-ip": "127.0.0.1",
  "x-forwarded-scheme": "nothttps",
  "accept-language": "de",
  "accept-encoding": "gzip, br",
  "accept-charset": "utf-7",
  cookie: "session=admin",
  origin: "https://evil.example",
  referer: "https://evil.example/",
  "user-agent": '"><script>alert(1)</script>',
  te: "trailers",
  "max-forwards": "0",
  dnt: "1",
  prefer: "return=minimal",
  "content-type": "text/html",
};

describe("an answer that others get as well", () => {
  test("does not change with headers that caches don't look at", async () => {
    for (const url of [picture, `${picture}?tr=n-ik_ml_thumbnail`, `${server.url}/demo/missing.txt`]) {
      const plain = kept(await deliver(url));
      for (const [name, value] of Object.entries(unkeyed)) {
        expect([name, kept(await deliver(url, { headers: { [name]: value } }))]).toEqual([name, plain]);
      }
    }
  });

  test("names what it depends on, and everything that does is kept by nobody or by its asker alone", async () => {
    const thumbnail = `${picture}?tr=n-ik_ml_thumbnail`;
    for (const accept of ["image/webp", "image/png", "*/*"]) {
      expect((await deliver(thumbnail, { headers: { accept } })).headers.vary).toBe("Accept");
    }
    expect((await deliver(picture)).headers.vary).toBe("Accept");
    expect((await deliver(original(picture))).headers.vary).toBeUndefined();
    const { headers } = await deliver(picture, { headers: { range: "bytes=999999-" } });
    expect(headers["cache-control"]).toBe("no-store");
    expect((await deliver(picture, { method: "POST" })).headers["cache-control"]).toBe("no-store");
    const listing = await fetch(`${server.url}/v1/files`, { headers: { authorization: basic } });
    expect(listing.headers.get("cache-control") ?? "none").not.toContain("public");
  });

  test("says where files are by the address that the operator gave, never by the one that was asked for", async () => {
    const answer = await exchange(
      server.url,
      `GET /v1/files HTTP/1.1\r\nhost: evil.example\r\nx-forwarded-host: evil.example\r\nauthorization: ${basic}\r\n\r\n`,
    );
    expect(answer.text).toContain(server.url);
    expect(answer.text).not.toContain("evil.example");
  });

  test("is the same in a proxy's form of the request, whose host is nobody's business", async () => {
    for (const host of [new URL(server.url).host, "evil.example", "user:password@evil.example:99"]) {
      const { status, headers } = await exchange(
        server.url,
        `GET http://${host}/demo/a.jpg HTTP/1.1\r\nhost: ${new URL(server.url).host}\r\n\r\n`,
      );
      expect([status, headers["content-type"]]).toEqual([200, "image/jpeg"]);
    }
    const api = await exchange(server.url, "GET http://evil.example/v1/files HTTP/1.1\r\nhost: test\r\n\r\n");
    expect(api.status).toBe(401);
  });
});

describe("what a request writes into an answer's headers", () => {
  const nasty = [
    "a%0d%0aset-cookie:%20x=1",
    "a%00b",
    "%22;filename=evil.exe;a=%22",
    "%e2%80%ae",
    "%ff%fe",
    "a%0ab",
    "%c3%a9%0d",
  ];

  test.each(nasty)("the download's name %s stays a name", async (name) => {
    const url = `${picture}?tr=orig-true&ik-attachment=true&ik-attachment-filename=${name}`;
    const { status, headers } = await deliver(url);
    expect(status).toBe(200);
    expect(headers["set-cookie"]).toBeUndefined();
    expect(headers["content-disposition"]).toMatch(
      /^attachment; filename=(?:"(?:[^"\\]|\\.)*"|[\w.-]+)(?:; filename\*=UTF-8''[\w.%!~*'()-]+)?$/,
    );
    expect(headers["content-disposition"]).toMatch(/\.jpg("|$|;)/);
  });

  test.each(["/demo/a.jpg", "/api/v2/files/upload"])(
    "a preflight of %s answers what it was asked, as one header",
    async (path) => {
      for (const asked of ["x-custom", "\xe9\xff", "a, b,\tc", "x".repeat(8_000), "*"]) {
        const request = `OPTIONS ${path} HTTP/1.1\r\nhost: test\r\naccess-control-request-headers: ${asked}\r\n\r\n`;
        const { status, headers } = await exchange(server.url, Buffer.from(request, "latin1"));
        expect(status).toBe(204);
        expect(headers["access-control-allow-headers"]).toBe(asked);
        expect(headers.vary).toBe("Access-Control-Request-Headers");
        expect(headers["set-cookie"]).toBeUndefined();
      }
    },
  );

  test("a target that would be a header is none", async () => {
    for (const target of [
      "/demo/a%0d%0aset-cookie:x",
      "/%0d%0aset-cookie:x",
      "/demo/a.jpg?tr=%0d%0ax:y",
      "/v1/files?type=%0d%0ax:y",
    ]) {
      const answer = await exchange(
        server.url,
        `GET ${target} HTTP/1.1\r\nhost: test\r\nauthorization: ${basic}\r\n\r\n`,
      );
      expect(answer.status).toBeGreaterThanOrEqual(400);
      expect(answer.status).toBeLessThan(500);
      expect(answer.headers["set-cookie"] ?? answer.headers.x).toBeUndefined();
    }
    expect(alarmsOf(server)).toEqual([]);
  });
});
