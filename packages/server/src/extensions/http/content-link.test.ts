import { expect, test } from "vitest";
import { contentLink, isContentLink, linkSeconds } from "./content-link.ts";

const now = Date.UTC(2026, 0, 1);
const secret = "whsec_0123456789abcdef";
const link = new URL(contentLink("https://files.example", "run", secret, now));
const claim = {
  expires: link.searchParams.get("expires") ?? "",
  signature: link.searchParams.get("signature") ?? "",
};

test("a link is good for its run, and until it expires", () => {
  expect(link.origin + link.pathname).toBe("https://files.example/_sluice/extensions/run/file");
  expect(isContentLink("run", claim, secret, now + linkSeconds * 1000)).toBe(true);
  expect(isContentLink("run", claim, secret, now + (linkSeconds + 1) * 1000)).toBe(false);
  expect(isContentLink("other", claim, secret, now)).toBe(false);
  expect(isContentLink("run", claim, `${secret}x`, now)).toBe(false);
  expect(isContentLink("run", { ...claim, expires: String(Number(claim.expires) + 1) }, secret, now)).toBe(false);
  expect(isContentLink("run", { ...claim, signature: claim.signature.toUpperCase() }, secret, now)).toBe(false);
  expect(isContentLink("run", { expires: "undefined", signature: "undefined" }, secret, now)).toBe(false);
});
