import { SluiceError } from "@sluice/protocol";
import { expect, test } from "vitest";
import type { Authoriser } from "./authoriser.ts";
import { signatureAuthoriser } from "./signature-authoriser.ts";

const principal = {
  accountId: "account",
  imagekitId: "demo",
  key: { id: "pair", role: "full", mayOverwrite: true },
} as const;
const credentials = { publicKey: "public", token: "unique", expire: "1", signature: "s" } as const;

/** A authoriser whose every signature holds. */
function chooseAuthoriser({ burn = async (_input: unknown, _transformation?: string) => true } = {}) {
  const state = { burnt: 0 };
  const authoriser = signatureAuthoriser({
    verify: async () => ({ principal, digest: new Uint8Array(32) }),
    burn,
    onBurn: () => {
      state.burnt++;
    },
  });
  return { authoriser, state };
}

async function feed(authoriser: Authoriser, fields: Iterable<readonly [string, string]>): Promise<void> {
  for (const [name, value] of fields) await authoriser.field(name, value);
}

test("the four fields admit in any order, as soon as the last of them is there", async () => {
  const entries = Object.entries(credentials);
  for (let turn = 0; turn < entries.length; turn++) {
    const { authoriser, state } = chooseAuthoriser();
    const order = [...entries.slice(turn), ...entries.slice(0, turn)];
    await feed(authoriser, [["fileName", "a.txt"], ...order.slice(0, 3)]);
    expect([authoriser.admitted !== undefined, state.burnt]).toEqual([false, 0]);
    await feed(authoriser, [...order.slice(3), ["folder", "/x"]]);
    expect([authoriser.admitted !== undefined, state.burnt]).toEqual([true, 1]);
    expect(authoriser.close()).toEqual(principal);
  }
});

test("what is missing is named, and an empty value is missing", async () => {
  const { authoriser } = chooseAuthoriser();
  await feed(authoriser, Object.entries({ ...credentials, expire: "", token: "" }));
  expect(() => authoriser.close()).toThrow(
    expect.objectContaining({ reason: "SIGNATURE_MISSING", help: expect.stringContaining("Missing: token, expire.") }),
  );
});

test.each(["token", "folder"])(
  "%s given twice is refused, before and after the signature was found good",
  async (name) => {
    for (const before of [[], Object.entries(credentials)]) {
      const { authoriser } = chooseAuthoriser();
      await feed(authoriser, before);
      await expect(
        feed(authoriser, [
          [name, "1"],
          [name, "2"],
        ]),
      ).rejects.toMatchObject({ reason: "PARAMETER_REPEATED" });
    }
  },
);

test("lists may come as repeated parts", async () => {
  const { authoriser } = chooseAuthoriser();
  await feed(authoriser, [...Object.entries(credentials), ["tags[]", "a"], ["tags[]", "b"]]);
  expect(authoriser.close()).toEqual(principal);
});

test("a token that was used before is refused by its value, cut where it is long, and invites no retry", async () => {
  for (const [token, shown] of [
    ["unique", "'unique'"],
    ["x".repeat(5000), `'${"x".repeat(256)}…'`],
  ] as const) {
    const { authoriser, state } = chooseAuthoriser({ burn: async () => false });
    await expect(feed(authoriser, Object.entries({ ...credentials, token }))).rejects.toMatchObject({
      reason: "SIGNED_TOKEN_USED",
      message: `The token with value ${shown} has been used before. We suggest using V4 UUIDs, or another random string with enough entropy to avoid collisions.`,
    });
    expect([authoriser.admitted !== undefined, state.burnt]).toEqual([false, 1]);
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
  const { authoriser, state } = chooseAuthoriser(options);
  const refused = feed(authoriser, Object.entries({ transformation: "{}", ...credentials }));
  await expect(refused).rejects.toMatchObject({ reason: "SERVER_BUSY" });
  expect(state.burnt).toBe(0);
  await feed(chooseAuthoriser(options).authoriser, Object.entries({ ...credentials, transformation: "{}" }));
  expect(seen).toEqual(["{}", undefined]);
});
