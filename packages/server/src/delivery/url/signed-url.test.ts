import { createHmac } from "node:crypto";
import { describe, expect, test } from "vitest";
import { signPath } from "../../library/files/asset-url.ts";
import { DeliveryRefusal } from "../refusals/refusal.ts";
import { readSignature, signedMessages, verifySignature } from "./signed-url.ts";

const key = "private_test";
const now = Date.UTC(2026, 0, 15, 12);
const second = Math.floor(now / 1000);

function verdict(
  rest: string,
  keys: readonly string[] = [key],
  at = now,
): "unsigned" | "refused" | "expired" | "signed" {
  try {
    const claim = readSignature(rest);
    if (claim === undefined) return "unsigned";
    verifySignature(claim, keys, at);
    return "signed";
  } catch (error) {
    if (error instanceof DeliveryRefusal && error.reason === "SIGNATURE_INVALID") return "refused";
    if (error instanceof DeliveryRefusal && error.reason === "SIGNATURE_EXPIRED") return "expired";
    throw error;
  }
}

/** Returns the text that a signer with `message` in hand appends to `sent`. */
function signedAs(message: string, sent: string, until?: number): string {
  const signature = createHmac("sha1", key)
    .update(message + (until ?? 9_999_999_999))
    .digest("hex");
  return `${sent}${sent.includes("?") ? "&" : "?"}${until === undefined ? "" : `ik-t=${until}&`}ik-s=${signature}`;
}

describe("the vectors of docs/protocol/delivery.md §3.3", () => {
  const file = "sdk-testing-files/future-search.png";
  const hindi = "sdk-testing-files/%E0%A4%B9%E0%A4%BF%E0%A4%A8%E0%A5%8D%E0%A4%A6%E0%A5%80.png";
  const layer =
    "l-text,ie-4KS54KS%2F4KSo4KWN4KSm4KWA,co-red,fs-32,ff-sdk-testing-files@@Poppins-Regular_Q15GrYWmL.ttf,l-end";
  const vectors: [rest: string, until: number | undefined, signature: string][] = [
    [file, undefined, "32dbbbfc5f945c0403c71b54c38e76896ef2d6b0"],
    [hindi, undefined, "3fff2f31da1f45e007adcdbe95f88c8c330e743c"],
    [`${hindi}?tr=${layer}`, undefined, "ac9f24a03080102555e492185533c1ae6bd93fa7"],
    [`tr:${layer}/${hindi}`, undefined, "69f2ecbb7364bbbad24616e1f7f1bac5a560fc71"],
    [`${file}?version=1.0&cache=false`, undefined, "f2e5a1b8b6a0b03fd63789dfc6413a94acef9fd8"],
    [`${file}?version=2.0&tr=w-300,h-200`, undefined, "601d97a7834b7554f4dabf0d3fc3a219ceeb6b31"],
    [`tr:w-300,h-200/${file}?version=2.0`, undefined, "dd1ee8f83d019bc59fd57a5fc4674a11eb8a3496"],
    [file, 1_700_000_000, "d1e775e43babba53d584f2ea19aaa14939210f6d"],
    [`${file}?tr=w-300,h-200`, 1_700_000_000, "2b03d93b4624eed8cea673d869120a443c9fb9b4"],
    ["file.jpg?ik-obj-version=AbC123", 1_700_000_000, "bcd75ab89d98a70635d7ece7d80be507015d1490"],
  ];

  test.each(vectors)("%s until %s", (rest, until, signature) => {
    const signed = signPath("dummy-key", rest, until);
    const expiry = until === undefined ? "" : `ik-t=${until}&`;
    expect(signed).toBe(`${rest}${rest.includes("?") ? "&" : "?"}${expiry}ik-s=${signature}`);
    expect(verdict(signed, ["dummy-key"], 1_700_000_000_000)).toBe("signed");
    expect(verdict(signed, ["dummy-kez"], 1_700_000_000_000)).toBe("refused");
    expect(verdict(signed.replace("f", "g"), ["dummy-key"], 1_700_000_000_000)).toBe("refused");
  });
});

describe("where the signature stands", () => {
  const [, signature] = /ik-s=(\w+)/.exec(signPath(key, "a.jpg?x=1&y=2", second)) ?? [];
  test.each([
    `a.jpg?x=1&y=2&ik-t=${second}&ik-s=${signature}`,
    `a.jpg?x=1&y=2&ik-s=${signature}&ik-t=${second}`,
    `a.jpg?ik-s=${signature}&x=1&ik-t=${second}&y=2`,
    `a.jpg?ik-t=${second}&ik-s=${signature}&x=1&y=2`,
  ])("%s", (rest) => {
    expect(verdict(rest)).toBe("signed");
  });

  test("the other parameters keep their order", () => {
    expect(verdict(`a.jpg?y=2&x=1&ik-t=${second}&ik-s=${signature}`)).toBe("refused");
  });

  test.each(["a.jpg", "a.jpg?x=1", "a.jpg?ik-t=5", "a.jpg?ik-t=x&ik-t=y", "a.jpg?IK-S=x", "a.jpg?ik%2Ds=x"])(
    "%s is unsigned",
    (rest) => {
      expect(verdict(rest)).toBe("unsigned");
    },
  );
});

describe("what is refused", () => {
  const good = signPath(key, "a.jpg", second + 10);
  test.each([
    ["upper case", good.replace(/ik-s=.*/, (text) => `ik-s=${text.slice(5).toUpperCase()}`)],
    ["too short", good.slice(0, -1)],
    ["too long", `${good}0`],
    ["empty", good.replace(/ik-s=.*/, "ik-s=")],
    ["without a value", good.replace(/ik-s=.*/, "ik-s")],
    ["encoded", good.replace(/ik-s=(.)/, (_, digit: string) => `ik-s=%${digit.charCodeAt(0).toString(16)}`)],
    ["twice the signature", `${good}&${good.slice(good.indexOf("ik-s="))}`],
    ["twice the expiry", `${good}&ik-t=${second + 10}`],
    ["another expiry", good.replace(/ik-t=\d+/, `ik-t=${second + 11}`)],
    ["the expiry left out", good.replace(/ik-t=\d+&/, "")],
    ["another parameter", `${good}&x=1`],
    ["another file", good.replace("a.jpg", "b.jpg")],
  ])("%s", (_, rest) => {
    expect(verdict(good)).toBe("signed");
    expect(verdict(rest)).toBe("refused");
  });

  test.each(["", "-1", "+1", "1.5", "0x10", "1e9", " 1", "Infinity"])("an expiry of '%s'", (expiry) => {
    const signature = createHmac("sha1", key).update(`a.jpg${expiry}`).digest("hex");
    expect(verdict(`a.jpg?ik-t=${expiry}&ik-s=${signature}`)).toBe("refused");
  });

  test("a URL whose last digit was moved over to the expiry", () => {
    const signed = signPath(key, "a.jpg?v=1", second - 10);
    const moved = signed.replace("v=1&ik-t=", "v=&ik-t=1");
    expect(verdict(moved)).toBe("refused");
  });
});

test("a URL is good up to its last second", () => {
  const rest = signPath(key, "a.jpg", second);
  expect(verdict(rest, [key], second * 1000)).toBe("signed");
  expect(verdict(rest, [key], second * 1000 + 999)).toBe("signed");
  expect(verdict(rest, [key], (second + 1) * 1000)).toBe("expired");
  expect(verdict(rest, ["private_other"], (second + 1) * 1000)).toBe("refused");
});

test("every active key of the account counts, and no key at all admits nobody", () => {
  const rest = signPath(key, "a.jpg");
  expect(verdict(rest, ["private_new", key])).toBe("signed");
  expect(verdict(rest, ["private_new"])).toBe("refused");
  expect(verdict(rest, [])).toBe("refused");
});

describe("what the signer had in hand", () => {
  test.each([
    ["spaces in a query transformation", "a.jpg?tr=l-text,i-two words,l-end", "a.jpg?tr=l-text,i-two%20words,l-end"],
    ["spaces in a path transformation", "tr:e-edit-prompt-a red hat/a.jpg", "tr:e-edit-prompt-a%20red%20hat/a.jpg"],
    ["quotes", 'a.pdf?tr=pg-name-"front page"', "a.pdf?tr=pg-name-%22front%20page%22"],
    ["an encoded path, sent raw", "a%22%3Cb%3E%60%7Bc%7D.jpg", 'a"<b>`{c}.jpg'],
    ["an encoded query, sent raw", "a.jpg?name=%27b%27%3Cc%3E", "a.jpg?name='b'<c>"],
    ["both at once", 'a%3Cb%3E.jpg?tr=i-"a b"', "a<b>.jpg?tr=i-%22a%20b%22"],
    ["an endpoint with ik-seo", "dir/pic/eiffel-tower.jpg", "ik-seo/dir/pic/eiffel-tower.jpg"],
    ["an endpoint with ik-seo, and spaces", "tr:i-a b/pic/x.jpg", "ik-seo/tr:i-a%20b/pic/x.jpg"],
  ])("%s", (_, message, sent) => {
    expect(verdict(signedAs(message, sent))).toBe("signed");
    expect(verdict(signedAs(message, sent, second), [key])).toBe("signed");
  });

  test.each([
    ["spaces outside a transformation", "a b.jpg", "a%20b.jpg"],
    ["spaces in another parameter", "a.jpg?x=a b", "a.jpg?x=a%20b"],
    ["a path that a backslash makes", "a/b.jpg", "a\\b.jpg"],
    ["a path that dots make", "b.jpg", "a/../b.jpg"],
    ["a path that encoded dots make", "b.jpg", "a/%2e%2e/b.jpg"],
    ["a segment called ik-seo further down", "b.jpg", "a/ik-seo/b.jpg"],
    ["decoded letters", "a.jpg", "%61.jpg"],
  ])("not %s", (_, message, sent) => {
    expect(verdict(signedAs(message, sent))).toBe("refused");
  });

  test("is a handful of texts, whatever is sent", () => {
    const long = `ik-seo/tr:${"a%20%22,".repeat(500)}/a<b>.jpg?tr=${"%20".repeat(500)}`;
    expect(signedMessages(long).size).toBeLessThanOrEqual(8);
  });
});
