import { SluiceError } from "@sluice/protocol";
import { expect, test } from "vitest";
import type { Gate } from "./gate.ts";
import { signatureGate } from "./signature-gate.ts";

const principal = {
  accountId: "account",
  imagekitId: "demo",
  key: { id: "pair", role: "full", mayOverwrite: true },
} as const;
const credentials = { publicKey: "public", token: "unique", expire: "1", signature: "s" } as const;

/** A gate whose every signature holds. */
function openGate({ burn = async (_input: unknown, _transformation?: string) => true } = {}) {
  const state = { burnt: 0 };
  const gate = signatureGate({
    verify: async () => ({ principal, digest: new Uint8Array(32) }),
    burn,
    onBurn: () => {
      state.burnt++;
    },
  });
  return { gate, state };
}

async function feed(gate: Gate, fields: Iterable<readonly [string, string]>): Promise<void> {
  for (const [name, value] of fields) await gate.field(name, value);
}

test("the four fields admit in any order, as soon as the last of them is there", async () => {
  const entries = Object.entries(credentials);
  for (let turn = 0; turn < entries.length; turn++) {
    const { gate, state } = openGate();
    const order = [...entries.slice(turn), ...entries.slice(0, turn)];
    await feed(gate, [["fileName", "a.txt"], ...order.slice(0, 3)]);
    expect([gate.admitted !== undefined, state.burnt]).toEqual([false, 0]);
    await feed(gate, [...order.slice(3), ["folder", "/x"]]);
    expect([gate.admitted !== undefined, state.burnt]).toEqual([true, 1]);
    expect(gate.close()).toEqual(principal);
  }
});

test("what is missing is named, and an empty value is missing", async () => {
  const { gate } = openGate();
  await feed(gate, Object.entries({ ...credentials, expire: "", token: "" }));
  expect(() => gate.close()).toThrow(
    expect.objectContaining({ reason: "SIGNATURE_MISSING", help: expect.stringContaining("Missing: token, expire.") }),
  );
});

test.each(["token", "folder"])(
  "%s given twice is refused, before and after the signature was found good",
  async (name) => {
    for (const before of [[], Object.entries(credentials)]) {
      const { gate } = openGate();
      await feed(gate, before);
      await expect(
        feed(gate, [
          [name, "1"],
          [name, "2"],
        ]),
      ).rejects.toMatchObject({ reason: "PARAMETER_REPEATED" });
    }
  },
);

test("lists may come as repeated parts", async () => {
  const { gate } = openGate();
  await feed(gate, [...Object.entries(credentials), ["tags[]", "a"], ["tags[]", "b"]]);
  expect(gate.close()).toEqual(principal);
});

test("a token that was used before is refused by its value, cut where it is long, and invites no retry", async () => {
  for (const [token, shown] of [
    ["unique", "'unique'"],
    ["x".repeat(5000), `'${"x".repeat(256)}…'`],
  ] as const) {
    const { gate, state } = openGate({ burn: async () => false });
    await expect(feed(gate, Object.entries({ ...credentials, token }))).rejects.toMatchObject({
      reason: "SIGNED_TOKEN_USED",
      message: `The token with value ${shown} has been used before. We suggest using V4 UUIDs, or another random string with enough entropy to avoid collisions.`,
    });
    expect([gate.admitted !== undefined, state.burnt]).toEqual([false, 1]);
  }
});

test("a token for whose upload there is no room now stays as good as it was, where that can be told", async () => {
  const seen: (string | undefined)[] = [];
  const options = {
    burn: async (_input: unknown, transformation?: string) => {
      seen.push(transformation);
      if (transformation !== undefined) throw new SluiceError("SERVER_BUSY");
      return true;
    },
  };
  const { gate, state } = openGate(options);
  const refused = feed(gate, Object.entries({ transformation: "{}", ...credentials }));
  await expect(refused).rejects.toMatchObject({ reason: "SERVER_BUSY" });
  expect(state.burnt).toBe(0);
  await feed(openGate(options).gate, Object.entries({ ...credentials, transformation: "{}" }));
  expect(seen).toEqual(["{}", undefined]);
});
