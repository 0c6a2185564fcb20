import { describe, expect, test } from "vitest";
import { signPath } from "../../library/files/asset-url.ts";
import { openS3BlobStore } from "../../storage/s3/s3-blob-store.ts";
import { describeOnS3 } from "../../storage/testing/s3-service.ts";
import { describeDelivery } from "../testing/delivery-suite.ts";

const bytes = Buffer.from("0123456789");

describeOnS3("a delivery that may send clients to the bucket", (storage) => {
  describeDelivery(
    (suite) => {
      /** Requests a target as a client that follows redirects. */
      async function follow(target: string, init: RequestInit = {}) {
        const response = await fetch(`http://127.0.0.1:${suite().server.port}${target}`, init);
        return { response, body: Buffer.from(await response.arrayBuffer()) };
      }

      test("sends them there for media, which come with their type, for a few minutes", async () => {
        const { store, server } = suite();
        await store({ path: "/media/a.png", bytes, mime: "image/png" });
        const { status, headers, body } = await server.ask("/demo/media/a.png");
        expect([status, body.length]).toEqual([302, 0]);
        expect(headers).toMatchObject({
          "cache-control": "public, max-age=0, s-maxage=60, must-revalidate",
          "access-control-allow-origin": "*",
          "content-length": "0",
        });
        expect(new URL(headers.location ?? "").searchParams.get("X-Amz-Expires")).toBe("300");
        expect(headers).not.toHaveProperty("etag");
        const got = await follow("/demo/media/a.png");
        expect(got.body).toEqual(bytes);
        expect(got.response.url).toContain(new URL(storage().endpoint ?? "").host);
        expect(got.response.headers.get("content-type")).toBe("image/png");
        expect(got.response.headers.get("content-disposition")).toBe("inline");
        expect(got.response.headers.get("cache-control")).toBe("private, max-age=300");
      });

      test("a range and a name for the download work there as well, and HEAD is answered without it", async () => {
        const { store } = suite();
        await store({ path: "/media/b.mp4", bytes, mime: "video/mp4" });
        const part = await follow("/demo/media/b.mp4", { headers: { range: "bytes=2-4" } });
        expect([part.response.status, part.body.toString()]).toEqual([206, "234"]);
        const head = await follow("/demo/media/b.mp4", { method: "HEAD" });
        expect([head.response.status, head.response.redirected]).toEqual([200, false]);
        expect(Object.fromEntries(head.response.headers)).toMatchObject({
          "content-length": "10",
          "content-type": "video/mp4",
          "accept-ranges": "bytes",
        });
        const named = await follow("/demo/media/b.mp4?ik-attachment=true&ik-attachment-filename=film");
        expect(named.response.headers.get("content-disposition")).toBe("attachment; filename=film.mp4");
      });

      test("neither type nor name can be changed there", async () => {
        const { store, server } = suite();
        await store({ path: "/media/c.png", bytes, mime: "image/png" });
        const { headers } = await server.ask("/demo/media/c.png");
        const location = headers.location ?? "";
        expect((await fetch(location)).status).toBe(200);
        expect((await fetch(location.replace("image%2Fpng", "text%2Fhtml"))).status).toBe(403);
        const bare = new URL(location);
        bare.searchParams.delete("response-content-type");
        expect((await fetch(bare)).status).toBe(403);
      });

      test.each([
        ["drawing.svg", "image/svg+xml"],
        ["page.html", "text/html"],
        ["paper.pdf", "application/pdf"],
        ["note.txt", "text/plain"],
        ["data.bin", "application/octet-stream"],
      ])("%s is streamed through: its type is not one of media alone", async (name, mime) => {
        const { store, server } = suite();
        await store({ path: `/active/${name}`, bytes, mime });
        const { status, body, headers } = await server.ask(`/demo/active/${name}`, { range: "bytes=1-3" });
        expect([status, body.toString()]).toEqual([206, "123"]);
        expect(headers).not.toHaveProperty("location");
        expect(headers["x-content-type-options"]).toBe("nosniff");
      });

      test("what they get there is not compressed, what is streamed through is", async () => {
        const { store, get } = suite();
        const text = Buffer.from("again and ".repeat(500));
        const browser = { "accept-encoding": "gzip, br" };
        await store({ path: "/coded/a.ts", bytes: text, mime: "video/mp2t" });
        await store({ path: "/coded/a.txt", bytes: text });
        const { response, body } = await follow("/demo/coded/a.ts", { headers: browser });
        expect([response.status, response.redirected, body.equals(text)]).toEqual([200, true, true]);
        expect(response.headers.get("content-encoding")).toBeNull();
        const head = await follow("/demo/coded/a.ts", { method: "HEAD", headers: browser });
        expect(head.response.headers.get("content-length")).toBe(String(text.length));
        expect((await get("/demo/coded/a.txt", browser)).headers["content-encoding"]).toBe("br");
      });

      describe("a private file", () => {
        test("gives its address to nobody without a signature", async () => {
          const { store, server } = suite();
          await store({ path: "/private/a.png", bytes, mime: "image/png", isPrivate: true });
          const { status, headers } = await server.ask("/demo/private/a.png");
          expect(status).toBe(401);
          expect(headers).not.toHaveProperty("location");
        });

        test("has one that lives no longer than the signature, and is stored by nobody else", async () => {
          const { store, server, now } = suite();
          await store({ path: "/private/b.png", bytes, mime: "image/png", isPrivate: true });
          const target = `/demo/${signPath("private_test", "private/b.png", Math.floor(now / 1000) + 20)}`;
          const { status, headers } = await server.ask(target);
          expect([status, headers["cache-control"]]).toEqual([302, "private, max-age=10"]);
          expect(new URL(headers.location ?? "").searchParams.get("X-Amz-Expires")).toBe("20");
          expect((await follow(target)).body).toEqual(bytes);
        });
      });

      test("a copy that is still right is neither sent nor linked to", async () => {
        const { store, server, now } = suite();
        await store({ path: "/media/d.png", bytes, mime: "image/png", at: now - 5000 });
        const { status, headers } = await server.ask("/demo/media/d.png", {
          "if-modified-since": new Date(now).toUTCString(),
        });
        expect(status).toBe(304);
        expect(headers).not.toHaveProperty("location");
      });

      test("a file that the bucket has lost is an error of the server's", async () => {
        const { store, server, library } = suite();
        const { storageKey } = await store({ path: "/media/e.png", bytes: Buffer.from("lost"), mime: "image/png" });
        await library.blobs.delete(storageKey);
        expect((await server.ask("/demo/media/e.png")).status).toBe(500);
      });
    },
    () => openS3BlobStore({ ...storage(), redirect: true }),
  );
});
