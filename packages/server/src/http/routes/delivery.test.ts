import { once } from "node:events";
import { connect } from "node:net";
import { expect, test } from "vitest";
import { describeDelivery } from "../../delivery/testing/delivery-suite.ts";
import { deliveryPath } from "./delivery.ts";

describeDelivery((suite) => {
  test("a preflight needs no file", async () => {
    const { status, headers, body } = await suite().server.ask(
      "/demo/nothing.txt",
      {
        origin: "https://app.example.com",
        "access-control-request-method": "GET",
        "access-control-request-headers": "range, if-none-match",
      },
      "OPTIONS",
    );
    expect([status, body.length]).toEqual([204, 0]);
    expect(headers).toMatchObject({
      "access-control-allow-origin": "*",
      "access-control-allow-methods": "GET, HEAD, OPTIONS",
      "access-control-allow-headers": "range, if-none-match",
      "access-control-max-age": "86400",
    });
  });

  test.each(["POST", "PUT", "PATCH", "DELETE", "PROPFIND", "TRACE"])("%s is not for delivery", async (method) => {
    const { server, store } = suite();
    await store({ path: "/methods/a.txt", bytes: Buffer.from("a") });
    const headers = { "content-type": "application/json" };
    const { status, headers: answered, body } = await server.ask("/demo/methods/a.txt", headers, method);
    expect([status, body.toString()]).toEqual([405, "Method Not Allowed"]);
    expect(answered).toMatchObject({ allow: "GET, HEAD, OPTIONS", "access-control-allow-origin": "*" });
  });

  test.each([deliveryPath, `${deliveryPath}?tr=orig-true`, `${deliveryPath}/a.txt`])(
    "%s from outside is nothing",
    async (target) => {
      expect((await suite().server.ask(target)).status).toBe(404);
    },
  );

  test("every answer may be read by any page and says what went wrong", async () => {
    const { get } = suite();
    for (const target of ["/demo/none.txt", "/demo/tr:w-0/a.txt", "/demo/..", "/demo/a.txt?ik-s=1"]) {
      const { headers } = await get(target);
      expect(headers).toMatchObject({
        "access-control-allow-origin": "*",
        "access-control-expose-headers": expect.stringContaining("ik-error"),
        "x-content-type-options": "nosniff",
        "ik-error": expect.stringMatching(/^E[A-Z]+ - ./),
        "content-type": "text/plain; charset=utf-8",
      });
    }
  });

  test("a person who opens a URL in a browser gets a page with the same status and headers", async () => {
    const { get } = suite();
    for (const [target, status, heading] of [
      ["/demo/none.txt", 404, "File not found"],
      ["/demo/a.txt?ik-s=1", 401, "This link doesn't open the file"],
      ["/nobody", 404, "Page not found"],
    ] as const) {
      const plain = await get(target);
      const page = await get(target, { accept: "text/html,*/*;q=0.8", "sec-fetch-dest": "document" });
      expect([page.status, plain.status]).toEqual([status, status]);
      expect(page.body.toString()).toContain(`<h1>${heading}</h1>`);
      expect(page.headers).toMatchObject({
        "ik-error": plain.headers["ik-error"],
        "access-control-allow-origin": "*",
        "cross-origin-resource-policy": "cross-origin",
        "content-type": "text/html; charset=utf-8",
        "content-security-policy": expect.stringContaining("default-src 'none'"),
        // Caches that ignore what a client accepts would send the page to programs.
        "cache-control": "no-store",
      });
      const picture = await get(target, { accept: "image/webp,*/*", "sec-fetch-dest": "image" });
      expect(picture.body).toEqual(plain.body);
    }
  });

  test.each(["GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE", "PROPFIND", "TRACE"])(
    "%s outside of every account is answered like any path that there isn't",
    async (method) => {
      for (const target of ["/nobody/a.txt", "/nobody", "/favicon.ico", "/%64emo/a.txt?tr=w-0", "/demo%2Fa.txt"]) {
        const { status, headers, body } = await suite().server.ask(target, {}, method);
        expect([target, status]).toEqual([target, 404]);
        expect(headers).toMatchObject({
          "access-control-allow-origin": "*",
          "content-type": "application/json; charset=utf-8",
          "ik-error": "ENOENT - Resource not found at any upstream origin",
          "x-content-type-options": "nosniff",
        });
        if (method === "HEAD") continue;
        expect(JSON.parse(body.toString())).toEqual({
          message: "The requested path does not exist on this server.",
          help: expect.stringContaining("POST /api/v2/files/upload"),
          reason: "ROUTE_NOT_FOUND",
        });
      }
    },
  );

  test("each answer is counted with what its body has, and nothing outside of every account", async () => {
    const { server, store, counts, accountId } = suite();
    const bytes = Buffer.alloc(200_000, "text ");
    await store({ path: "/counted/a.txt", bytes });
    counts.length = 0;
    const sums = () =>
      Object.fromEntries(
        [...Map.groupBy(counts.splice(0), ([{ accountId, status, type }]) => `${accountId} ${status} ${type}`)].map(
          ([name, of]) => [
            name.replace(accountId, "demo"),
            of.reduce(([n = 0, m = 0], [, requests, bytes]) => [n + requests, m + bytes], [0, 0]),
          ],
        ),
      );
    const plain = { "accept-encoding": "identity" };
    await server.ask("/demo/counted/a.txt", plain);
    const { headers } = await server.ask("/demo/counted/a.txt", plain, "HEAD");
    expect(sums()).toEqual({ "demo 200 text/plain; charset=utf-8": [2, bytes.length] });
    await server.ask("/demo/counted/a.txt", { ...plain, range: "bytes=0-99" });
    await server.ask("/demo/counted/a.txt", { ...plain, "if-none-match": String(headers.etag) });
    const { body } = await server.ask("/demo/counted/none.txt");
    await server.ask("/demo/counted/none.txt", {}, "HEAD");
    const refused = await server.ask("/demo/counted/a.txt", {}, "POST");
    expect(sums()).toEqual({
      "demo 206 text/plain; charset=utf-8": [1, 100],
      "demo 304 undefined": [1, 0],
      "demo 404 text/plain": [2, body.length],
      "demo 405 text/plain": [1, refused.body.length],
    });
    await server.ask("/nobody/a.txt");
    await server.ask("/demo/counted/a.txt", {}, "OPTIONS");
    expect(sums()).toEqual({});
  });

  test("one connection carries one answer after the other", async () => {
    const { server, store } = suite();
    await store({ path: "/kept/a.txt", bytes: Buffer.from("first") });
    await store({ path: "/kept/b.txt", bytes: Buffer.from("second") });
    const socket = connect(server.port, "127.0.0.1");
    const chunks: Buffer[] = [];
    socket.on("data", (chunk: Buffer) => chunks.push(chunk));
    const lines = [
      "HEAD /demo/kept/a.txt",
      "GET /demo/kept/a.txt",
      "GET /demo/kept/missing.txt",
      "GET /demo/kept/b.txt",
    ].map((line, index) => `${line} HTTP/1.1\r\nHost: x\r\n${index === 3 ? "Connection: close\r\n" : ""}\r\n`);
    socket.write(lines.join(""));
    await once(socket, "close");
    const statuses = Buffer.concat(chunks)
      .toString()
      .match(/HTTP\/1\.1 \d+/g);
    expect(statuses).toEqual(["HTTP/1.1 200", "HTTP/1.1 200", "HTTP/1.1 404", "HTTP/1.1 200"]);
    expect(Buffer.concat(chunks).toString()).toMatch(/second$/);
  });
});
