import { expect, test } from "vitest";
import { admit } from "./access.ts";
import { DeliveryRefusal } from "./refusal.ts";
import type { Rendition } from "./rendition.ts";

const original: Rendition = { kind: "original" };
const named: Rendition = { kind: "named", transformation: { steps: [] } };
const explicit: Rendition = { kind: "explicit", transformation: { steps: [] } };

function outcome(
  state: { readonly draft?: boolean; readonly secret?: boolean },
  rendition: Rendition,
  signed: boolean,
) {
  try {
    admit({ is_published: state.draft ? 0 : 1, is_private_file: state.secret ? 1 : 0 }, rendition, signed);
    return "admitted";
  } catch (error) {
    return error instanceof DeliveryRefusal ? error.reason : error;
  }
}

test.each([
  [original, "PRIVATE"],
  [explicit, "PRIVATE"],
  [named, "admitted"],
] as const)("a private file as %j: %s without a signature, admitted with one", (rendition, unsigned) => {
  expect(outcome({ secret: true }, rendition, false)).toBe(unsigned);
  expect(outcome({ secret: true }, rendition, true)).toBe("admitted");
});

test.each([original, explicit, named])("a draft as %j is not there, whoever asks", (rendition) => {
  for (const secret of [true, false]) {
    expect(outcome({ draft: true, secret }, rendition, false)).toBe("NOT_FOUND");
    expect(outcome({ draft: true, secret }, rendition, true)).toBe("NOT_FOUND");
  }
});

test("a public file is everybody's", () => {
  for (const rendition of [original, explicit, named]) expect(outcome({}, rendition, false)).toBe("admitted");
});
