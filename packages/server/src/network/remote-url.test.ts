import { expect, test } from "vitest";
import { isPublicAddress } from "./address-rules.ts";
import { RemoteError } from "./remote-error.ts";
import { parseRemoteUrl } from "./remote-url.ts";

test.each([
  ["http://example.com", "http://example.com/"],
  ["HTTPS://Example.COM:443/a%20b?c#d", "https://example.com/a%20b?c#d"],
  ["https://example.com/a b.jpg", "https://example.com/a%20b.jpg"],
  ["http://bücher.example/ä", "http://xn--bcher-kva.example/%C3%A4"],
  ["http://example.com:8080/", "http://example.com:8080/"],
  ["http://example.com:1/", "http://example.com:1/"],
])("%s is taken as %s", (text, href) => {
  expect(parseRemoteUrl(text, "The URL").href).toBe(href);
});

test.each([
  ["", "is not valid"],
  ["http://", "is not valid"],
  ["example.com", "is not valid"],
  ["http://[::1", "is not valid"],
  ["http://[fe80::1%25lo]/", "is not valid"],
  ["http://256.1.1.1/", "is not valid"],
  ["http://1.2.3.4.5/", "is not valid"],
  ["http://example.com:65536/", "is not valid"],
  ["http://exa\nmple.com/", "is not valid"],
  ["http://example.com/\r\nX-Injected: 1", "is not valid"],
  ["http://example.com/\0", "is not valid"],
  ["http://example.com/\x7f", "is not valid"],
  ["file:///etc/passwd", "is neither http nor https"],
  ["ftp://example.com/", "is neither http nor https"],
  ["data:text/plain,a", "is neither http nor https"],
  ["javascript:alert(1)", "is neither http nor https"],
  ["http://user@example.com/", "carries a user name or a password"],
  ["http://user:password@example.com/", "carries a user name or a password"],
  ["http://:password@example.com/", "carries a user name or a password"],
  ["http://127.0.0.1%2f@example.com/", "carries a user name or a password"],
  ["http://example.com:0/", "has the port 0"],
])("%j %s", (text, problem) => {
  expect(() => parseRemoteUrl(text, "The URL")).toThrow(new RemoteError(`The URL ${problem}.`, { forbidden: true }));
});

test("a redirect is relative to where it comes from, and never leads from https to http", () => {
  const subject = "It redirects to a URL that";
  const from = new URL("https://example.com/a/b");
  expect(parseRemoteUrl("../c?d", subject, from).href).toBe("https://example.com/c?d");
  expect(parseRemoteUrl("//example.org/", subject, from).href).toBe("https://example.org/");
  expect(parseRemoteUrl("https://example.org", subject, new URL("http://example.com")).href).toBe(
    "https://example.org/",
  );
  expect(() => parseRemoteUrl("http://example.com/", subject, from)).toThrow(
    "It redirects to a URL that is http, after",
  );
  expect(() => parseRemoteUrl("ftp://example.com/", subject, from)).toThrow("is neither http nor https");
});

/** The rules judge plain addresses only, so the parser must leave no other spelling of an address. */
test.each([
  "127.0.0.1",
  "127.0.0.1.",
  "127.1",
  "127.0.1",
  "0177.0.0.1",
  "0177.0.0.01",
  "017700000001",
  "0x7f.0.0.1",
  "0x7f.1",
  "0x7F000001",
  "0x7f.0x0.0x0.0x1",
  "0x7f.00.1",
  "2130706433",
  "00000000000000000000000000000177.1",
  "%31%32%37.0.0.1",
  "①②⑦.0.0.1",
  "１２７.０.０.１",
  "127。0。0。1",
  "127.0.0.1",
  "127\u00ad.0.0.1",
  "127.0.0.1:80",
  "0",
  "0x",
  "0.0.0.0",
  "2852039166",
  "0xa9fea9fe",
  "0251.0376.0251.0376",
  "169.254.43518",
  "169.16689662",
  "10.1",
  "0xa.1",
  "3232235521",
  "192.168.257",
  "[::1]",
  "[0:0::0:1]",
  "[::127.0.0.1]",
  "[::ffff:127.0.0.1]",
  "[::FFFF:7F00:1]",
  "[0:0:0:0:0:ffff:a9fe:a9fe]",
  "[64:ff9b::169.254.169.254]",
  "[2002:a9fe:a9fe::]",
  "[fd00:ec2::254]",
])("no spelling hides an address: %s", (host) => {
  for (const text of [`http://${host}/`, `https:/\\${host}`, `http:${host}`]) {
    const { hostname } = parseRemoteUrl(text, "The URL");
    expect(hostname).toMatch(/^(\d+\.\d+\.\d+\.\d+|\[[\da-f:]+\])$/);
    expect(isPublicAddress(hostname.replace(/^\[|\]$/g, "")), hostname).toBe(false);
  }
});
