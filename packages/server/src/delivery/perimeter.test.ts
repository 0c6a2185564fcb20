import sharp from "sharp";
import { describe, expect, test } from "vitest";
import { signPath } from "../library/files/asset-url.ts";
import { describeDelivery } from "./testing/delivery-suite.ts";
import { withSwitches } from "./testing/switch-account.ts";

const site = { referer: "https://www.example.com/" };
const elsewhere = { referer: "https://evil.test/" };

// docs/protocol/delivery.md §2, step 3
describeDelivery((suite) => {
  const picture = async (path: string): Promise<string> => {
    const bytes = await sharp({ create: { width: 60, height: 40, channels: 3, background: "red" } })
      .jpeg()
      .toBuffer();
    await suite().store({ path, bytes, mime: "image/jpeg" });
    return `/demo${path}`;
  };

  test.each([
    ["clientAddresses", ["203.0.113.0/24"], { "x-forwarded-for": "203.0.113.9" }, { "x-forwarded-for": "192.0.2.1" }],
    ["referrers", ["www.example.com"], site, elsewhere],
    ["userAgents", ["not:wget"], { "user-agent": "curl/8" }, { "user-agent": "Wget/1.21" }],
    ["countries", ["DE"], { "x-country": "de" }, { "x-country": "FR" }],
  ] as const)("%s: the one is delivered to, the other is told why not", async (list, entries, inside, outside) => {
    const target = await picture(`/perimeter/${list}.jpg`);
    const messages = {
      clientAddresses: "this address",
      referrers: "pages of this site",
      userAgents: "this user agent",
      countries: "this country",
    };
    await withSwitches(suite(), { [list]: entries }, async () => {
      expect((await suite().get(target, inside)).status).toBe(200);
      const { status, headers, body } = await suite().get(target, outside);
      expect([status, body.toString()]).toEqual([403, "Forbidden"]);
      expect(headers["ik-error"]).toBe(`EFORBIDDEN - The account does not deliver to ${messages[list]}`);
      expect(headers["cache-control"]).toBe("no-store");
    });
    expect((await suite().get(target, outside)).status).toBe(200);
  });

  test("without a trusted proxy, the client says neither its address nor its country", async () => {
    const target = await picture("/perimeter/untrusted.jpg");
    const { services } = suite();
    const { config } = services;
    services.config = { ...config, trustProxy: false };
    await withSwitches(suite(), { countries: ["DE"] }, async () => {
      expect((await suite().get(target, { "x-country": "DE" })).status).toBe(403);
    });
    services.config = { ...config, countryHeader: undefined };
    await withSwitches(suite(), { countries: ["DE"] }, async () => {
      expect((await suite().get(target, { "x-country": "DE" })).status).toBe(403);
    });
    services.config = config;
  });

  describe("what a client inside of the perimeter has been sent", () => {
    test("is sent to nobody outside, in no form: whole, in parts, as unchanged, signed", async () => {
      const target = await picture("/perimeter/remembered.jpg");
      await withSwitches(suite(), { referrers: ["www.example.com"] }, async () => {
        await suite().get(`${target}?tr=w-10`, site);
        const { headers } = await suite().get(`${target}?tr=w-10`, site);
        const { etag = "" } = headers;
        const signed = `/demo/${signPath("private_test", "perimeter/remembered.jpg?tr=w-10")}`;
        for (const [url, more] of [
          [`${target}?tr=w-10`, {}],
          [`${target}?tr=w-10`, { range: "bytes=0-3" }],
          [`${target}?tr=w-10`, { "if-none-match": etag }],
          [`${target}?tr=orig-true`, {}],
          [`${target}/ik-thumbnail.jpg`, {}],
          [signed, {}],
        ] as const) {
          expect((await suite().get(url, { ...site, ...more })).status, url).toBeLessThan(400);
          for (const referrer of [{}, elsewhere]) {
            expect((await suite().get(url, { ...referrer, ...more })).status, url).toBe(403);
          }
        }
      });
    });

    test("is kept by no shared cache, refusals included", async () => {
      const target = await picture("/perimeter/cached.jpg");
      const objectVersion = "v1";
      await suite().store({ path: "/perimeter/versioned.txt", bytes: Buffer.from("a"), objectVersion });
      await withSwitches(suite(), { referrers: ["www.example.com"] }, async () => {
        for (const [url, status, expected] of [
          [target, 200, "private, max-age=0, must-revalidate"],
          [`${target}?tr=w-10`, 200, "private, max-age=0, must-revalidate"],
          [`${target}?tr=orig-true`, 200, "private, max-age=0, must-revalidate"],
          ["/demo/perimeter/versioned.txt?ik-obj-version=v1", 200, "private, max-age=31536000, immutable"],
          ["/demo/perimeter/missing.jpg?tr=di-perimeter@@cached.jpg", 200, "private, max-age=60"],
          ["/demo/perimeter/missing.jpg", 404, "no-store"],
          [`${target}?tr=w-0`, 400, "no-store"],
          [`${target}?ik-s=1`, 401, "no-store"],
        ] as const) {
          const { status: answered, headers } = await suite().get(url, site);
          expect([url, answered, headers["cache-control"]]).toEqual([url, status, expected]);
        }
      });
    });

    test("before the perimeter was there, is not sent to those outside once it is", async () => {
      const target = `${await picture("/perimeter/before.jpg")}?tr=w-10`;
      await suite().get(target, elsewhere);
      expect((await suite().get(target, elsewhere)).status).toBe(200);
      await withSwitches(suite(), { referrers: ["not:evil.test"] }, async () => {
        expect((await suite().get(target, elsewhere)).status).toBe(403);
      });
    });
  });

  test("another account's perimeter is its own", async () => {
    const { library } = suite();
    const other = await library.addAccount("open");
    await library.store(other, { path: "/a.txt", bytes: Buffer.from("a") });
    await withSwitches(suite(), { referrers: ["www.example.com"] }, async () => {
      expect((await suite().get("/open/a.txt", elsewhere)).status).toBe(200);
    });
  });
});
