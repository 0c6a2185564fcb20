import { SluiceError } from "@sluice/protocol";
import { expect, test } from "vitest";
import { AccountRings, RecentRefusals } from "./recent-refusals.ts";
import type { Refusal } from "./refusal.ts";

function refusal(change: Partial<Refusal> = {}): Refusal {
  return {
    ...{ at: 1, requestId: "r", kind: "upload", operation: "upload-file-v2", status: 400, reason: "TOKEN_USED" },
    ...{ message: "No.", help: "Mint a new one.", parameter: null, isProven: true },
    ...change,
  } as Refusal;
}

test("an account has its own refusals, the newest first", () => {
  const recent = new RecentRefusals();
  for (const at of [1, 3, 2]) recent.add("one", refusal({ at }));
  recent.add("other", refusal({ at: 4 }));
  recent.add("one", refusal({ at: 5, kind: "delivery" }));
  expect(recent.here("one").map(({ at }) => at)).toEqual([5, 3, 2, 1]);
  expect(recent.here("nobody")).toEqual([]);
});

test("500 are kept of an account, and strangers drive out only what strangers have caused", () => {
  const recent = new RecentRefusals();
  for (let at = 0; at < 1000; at++) {
    recent.add("one", refusal({ at }));
    recent.add("one", refusal({ at, kind: "api" }));
  }
  const proven = recent.here("one");
  for (let at = 1000; at < 3000; at++) {
    recent.add("one", refusal({ at, isProven: false }));
    recent.add("one", refusal({ at, kind: "delivery", isProven: false }));
  }
  const all = recent.here("one");
  expect(all).toHaveLength(500);
  expect(all.filter(({ at }) => at < 1000)).toEqual(proven);
  expect([proven[0]?.at, all[0]?.at]).toEqual([999, 2999]);
});

test("texts are cut, and nothing that looks like a secret is kept", () => {
  const recent = new RecentRefusals();
  const token = `eyJhbGciOiJIUzI1NiJ9.${"a".repeat(40)}.${"b".repeat(43)}`;
  const message = `The field ${token} and private_AbCdEfGhIjKl and https://x/?ik-s=0123&b=1 `;
  recent.add("one", refusal({ message: message + "x".repeat(5000), help: "y".repeat(5000), parameter: token }));
  const [kept] = recent.here("one");
  expect(kept?.message).toMatch(/^The field \[redacted\] and \[redacted\] and https:\/\/x\/\?\[redacted\]&b=1 x+…$/);
  expect([kept?.message.length, kept?.help?.length, kept?.parameter]).toEqual([401, 801, "[redacted]"]);
});

test("a long text full of what may begin a token is cut before it is looked through", () => {
  const recent = new RecentRefusals();
  const began = performance.now();
  recent.add("one", refusal({ message: "-eyJ".repeat(250_000), parameter: "-eyJ".repeat(250_000) }));
  expect(performance.now() - began).toBeLessThan(200);
  expect(recent.here("one")[0]?.message.length).toBeLessThanOrEqual(401);
});

test("a V1 token that was used is not kept", () => {
  const recent = new RecentRefusals();
  const { message } = new SluiceError("SIGNED_TOKEN_USED", { token: "6ba7b810-9dad-41d1-80b4-00c04fd430c8" });
  recent.add("one", refusal({ message }));
  expect(recent.here("one")[0]?.message).toMatch(/^The token with value \[redacted\] has been used before\./);
});

test("the memory of all accounts is bounded, and the account without refusals for the longest time goes first", () => {
  const rings = new AccountRings({ entriesPerAccount: 10, bytes: 20_000 });
  for (let account = 0; account < 1000; account++) {
    rings.add("busy", refusal());
    rings.add(String(account), refusal({ message: "m".repeat(400) }));
    expect(rings.bytes).toBeLessThanOrEqual(20_000);
  }
  expect(rings.of("busy")).toHaveLength(10);
  expect([rings.of("999").length, rings.of("0").length]).toEqual([1, 0]);
});
