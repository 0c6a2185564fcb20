import { SluiceError } from "@sluice/protocol";
import { expect, test } from "vitest";
import type { Gate } from "./gate.ts";
import { tokenGate } from "./token-gate.ts";

const principal = {
  accountId: "account",
  imagekitId: "demo",
  key: { id: "pair", role: "full", mayOverwrite: true },
} as const;

/** A gate whose every token is good, and claims a name, a folder and tags. */
function openGate({ fresh = true, assertRoom = async (): Promise<void> => {} } = {}) {
  const state = { burnt: false };
  const claims = new Map(Object.entries({ fileName: "a.txt", folder: "/a", tags: "x" }));
  const gate = tokenGate({
    verify: async () => ({
      token: { publicKey: "public", claims, issuedAt: 1000, expiresAt: 2000, digest: new Uint8Array(32) },
      principal,
    }),
    assertRoom,
    burn: async () => fresh,
    onBurn: () => {
      state.burnt = true;
    },
  });
  return { gate, state };
}

async function feed(gate: Gate, fields: Readonly<Record<string, string>>): Promise<void> {
  for (const [name, value] of Object.entries(fields)) await gate.field(name, value);
}

test("a complete form that is exactly what was signed passes", async () => {
  const { gate, state } = openGate();
  await feed(gate, { token: "token", tags: "x", fileName: "a.txt", folder: "/a" });
  expect(gate.close()).toEqual(principal);
  expect(state.burnt).toBe(true);
});

test("while the form still arrives, a refusal names what was found and not what may be yet to come", async () => {
  const { gate } = openGate();
  await feed(gate, { token: "token", fileName: "a.txt" });
  await expect(feed(gate, { folder: "/b", tags: "x" })).rejects.toMatchObject({
    reason: "PAYLOAD_MISMATCH",
    help: expect.stringMatching(/^(?!.*not in the form).*with another value in the form than in the token: folder\b/),
  });
});

test("once the form is complete, what is missing is named", async () => {
  const { gate } = openGate();
  await feed(gate, { token: "token", fileName: "a.txt" });
  expect(() => gate.close()).toThrow(
    expect.objectContaining({
      reason: "PAYLOAD_MISMATCH",
      help: expect.stringContaining("in the token, but not in the form: folder, tags"),
    }),
  );
});

test("a token that was used before is refused, and no answer after it may invite a retry", async () => {
  const { gate, state } = openGate({ fresh: false });
  await expect(feed(gate, { token: "token" })).rejects.toMatchObject({ reason: "TOKEN_USED" });
  expect(state.burnt).toBe(true);
  expect(gate.admitted).toBeUndefined();
});

test("a token for whose upload there is no room now stays as good as it was", async () => {
  const { gate, state } = openGate({
    assertRoom: async () => {
      throw new SluiceError("SERVER_BUSY");
    },
  });
  await expect(feed(gate, { token: "token" })).rejects.toMatchObject({ reason: "SERVER_BUSY" });
  expect(state.burnt).toBe(false);
  expect(gate.token).toBeUndefined();
});
