import { expect, test } from "vitest";
import { isOwnPage } from "./own-page.ts";

const host = "localhost:3000";
const origin = "http://localhost:3000";

test.each<[string, Record<string, string>, boolean]>([
  ["its own page, with both headers", { host, origin, "sec-fetch-site": "same-origin" }, true],
  ["its own page in a browser without Sec-Fetch-Site", { host, origin }, true],
  ["its own page where the browser leaves Origin out", { host, "sec-fetch-site": "same-origin" }, true],
  ["its own page behind a proxy that ends TLS", { host, origin: "https://localhost:3000" }, true],
  ["its own page by address", { host: "127.0.0.1:80", origin: "http://127.0.0.1:80" }, true],
  ["its own page by IPv6 address", { host: "[::1]:3000", origin: "http://[::1]:3000" }, true],
  ["no page", { host }, false],
  ["a request without Host", { origin, "sec-fetch-site": "same-origin" }, false],
  ["a page elsewhere", { host, origin: "https://evil.example", "sec-fetch-site": "cross-site" }, false],
  ["a page elsewhere, whose browser leaves Origin out", { host, "sec-fetch-site": "cross-site" }, false],
  ["a page elsewhere in an old browser", { host, origin: "https://evil.example" }, false],
  ["another port of this machine", { host, origin: "http://localhost:4000", "sec-fetch-site": "same-site" }, false],
  ["another scheme of this machine", { host, origin: "https://localhost:3000", "sec-fetch-site": "same-site" }, false],
  ["another name of this machine", { host, origin: "http://127.0.0.1:3000", "sec-fetch-site": "cross-site" }, false],
  ["a sandboxed page", { host, origin: "null", "sec-fetch-site": "cross-site" }, false],
  ["an opaque origin that calls itself the same", { host, origin: "null", "sec-fetch-site": "same-origin" }, false],
  ["an address typed in", { host, "sec-fetch-site": "none" }, false],
  [
    "a rebound name",
    { host: "evil.example:3000", origin: "http://evil.example:3000", "sec-fetch-site": "same-origin" },
    false,
  ],
  ["two origins", { host, origin: `${origin}, https://evil.example` }, false],
])("%s", (_, headers, expected) => {
  expect(isOwnPage(new Headers(headers))).toBe(expected);
});
