import { expect, test } from "vitest";
import { type ClientTraits, findBarrier, isGuarded, type Perimeter } from "./perimeter.ts";
import { perimeterSwitches } from "./perimeter-switches.ts";

const open: Perimeter = { clientAddresses: [], referrers: [], userAgents: [], countries: [] };
const client: ClientTraits = {
  address: "203.0.113.9",
  referrer: "https://www.example.com/page?a",
  userAgent: "Mozilla/5.0 (X11; Linux) Firefox/140.0",
  country: "DE",
};

/** Whether the client passes where one list holds these entries. */
function passes(list: keyof Perimeter, text: string, traits: Partial<ClientTraits> = {}): boolean {
  const entries = perimeterSwitches[list].parse(text);
  if (entries === undefined) throw new Error(`${list} takes no ${text}`);
  const barrier = findBarrier({ ...open, [list]: entries }, { ...client, ...traits });
  expect([undefined, list]).toContain(barrier);
  return barrier === undefined;
}

test("a perimeter that names nothing lets everybody pass", () => {
  expect(isGuarded(open)).toBe(false);
  expect(findBarrier(open, { address: "", referrer: undefined, userAgent: undefined, country: undefined })).toBe(
    undefined,
  );
  expect(isGuarded({ ...open, countries: ["not:DE"] })).toBe(true);
});

test.each([
  ["203.0.113.9", "203.0.113.9", true],
  ["203.0.113.0/24", "203.0.113.9", true],
  ["203.0.113.0/24", "203.0.114.9", false],
  ["203.0.113.0/24", "::ffff:203.0.113.9", true],
  ["203.0.113.0/24", "2001:db8::1", false],
  ["2001:db8::/32", "2001:db8:1::1", true],
  ["2001:DB8::/32", "2001:db8:1::1", true],
  ["fe80::/10", "fe80::1%eth0", true],
  ["0.0.0.0/0", "2001:db8::1", false],
  ["0.0.0.0/0,::/0", "2001:db8::1", true],
  ["::/0", "203.0.113.9", false],
  ["not:203.0.113.9", "203.0.113.9", false],
  ["not:203.0.113.9", "203.0.113.8", true],
  ["203.0.113.0/24,not:203.0.113.9", "203.0.113.9", false],
  ["203.0.113.0/24,not:203.0.113.9", "203.0.113.8", true],
  ["203.0.113.0/24", "", false],
  ["203.0.113.0/24", "unknown", false],
])("client addresses %s: %s %s", (text, address, expected) => {
  expect(passes("clientAddresses", text, { address })).toBe(expected);
});

test.each([
  ["www.example.com", "https://www.example.com/page", true],
  ["WWW.Example.com", "https://www.EXAMPLE.com./page", true],
  ["www.example.com", "http://www.example.com:8080/", true],
  ["example.com", "https://www.example.com/", false],
  ["*.example.com", "https://www.example.com/", true],
  ["*.example.com", "https://a.b.example.com/", true],
  ["*.example.com", "https://example.com/", false],
  ["*.example.com", "https://badexample.com/", false],
  ["*.example.com", "https://.example.com/", false],
  ["example.com", "https://example.com.evil.test/", false],
  ["example.com", "https://example.com@evil.test/", false],
  ["example.com", "https://evil.test/https://example.com/", false],
  ["example.com", "https://evil.test/?example.com", false],
  ["example.com", undefined, false],
  ["example.com", "", false],
  ["example.com,none", undefined, true],
  ["example.com,none", "", true],
  ["example.com,none", "no URL", false],
  ["not:evil.test", "https://evil.test/", false],
  ["not:evil.test", undefined, true],
  ["not:none", undefined, false],
  ["bücher.example", "https://xn--bcher-kva.example/", true],
])("referrers %s: %s %s", (text, referrer, expected) => {
  expect(passes("referrers", text, { referrer })).toBe(expected);
});

test.each([
  ["firefox", client.userAgent, true],
  ["Firefox,chrome", client.userAgent, true],
  ["not:FireFox", client.userAgent, false],
  ["not:curl", client.userAgent, true],
  ["not:curl", undefined, true],
  ["not:curl,not:none", undefined, false],
  ["firefox", undefined, false],
])("user agents %s: %s %s", (text, userAgent, expected) => {
  expect(passes("userAgents", text, { userAgent })).toBe(expected);
});

test.each([
  ["DE,AT", "DE", true],
  ["de", "dE", true],
  ["AT", "DE", false],
  ["not:DE", "DE", false],
  ["not:DE", undefined, true],
  ["not:DE,not:none", undefined, false],
  ["DE", undefined, false],
  ["DE", "DE, AT", false],
  ["DE,none", "DE, AT", true],
  ["not:T1", "T1", false],
])("countries %s: %s %s", (text, country, expected) => {
  expect(passes("countries", text, { country })).toBe(expected);
});

test.each([
  ["clientAddresses", ["", "10.0.0.0/33", "10.0.0", "010.0.0.1", "0x7f.1", "2130706433", "::ffff:10.0.0.1"]],
  ["clientAddresses", ["::ffff:0:0/96", "fe80::1%lo", "10.0.0.0/", "10.0.0.0/8/8", "10.0.0.0/-1", "a, b", "not:"]],
  ["clientAddresses", ["10.0.0.1, 10.0.0.2", "not:not:10.0.0.1", Array(101).fill("10.0.0.1").join(",")]],
  ["referrers", ["", "https://example.com", "example.com/", "example.com:80", "*", "*.", "a b", "*.*.com"]],
  ["referrers", [Array(31).fill("example.com").join(","), "user@example.com", "not:", "[::1]"]],
  ["userAgents", ["", " curl", "a,", "x".repeat(101), "a\tb", Array(11).fill("curl").join(",")]],
  ["countries", ["", "D", "DEU", "1D", "DE;AT", "not:"]],
] as const)("%s takes none of %j", (list, texts) => {
  for (const text of texts) {
    expect(perimeterSwitches[list].parse(text), text).toBeUndefined();
  }
});
