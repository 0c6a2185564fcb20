import { parseTransformation } from "@sluice/grammar";
import type { SluiceError } from "@sluice/protocol";
import { afterAll, beforeAll, expect, test } from "vitest";
import { setAccount } from "../../accounts/account-transactions.ts";
import type { UnsignedRestriction } from "../../accounts/delivery-switches.ts";
import { createLogger } from "../../observability/logger.ts";
import { openUploadFixture, type UploadFixture } from "../../testing/upload-fixture.ts";
import { resolveUpload } from "./resolve-upload.ts";

let fixture: UploadFixture;
beforeAll(async () => {
  fixture = await openUploadFixture();
});
afterAll(() => fixture.close());

const stamp = "l-image,i-brand@@stamp.png,l-end";

/** Resolves an upload with this transformation. @returns its refusal's help, or "taken" */
async function outcome(transformation: object, credentials: Readonly<Record<string, string>>): Promise<string> {
  const fields = { fileName: "a.png", transformation: JSON.stringify(transformation), ...credentials };
  const stamped = { of: async () => (name: string) => (name === "stamped" ? parseTransformation(stamp) : undefined) };
  const deps = { ...fixture.services, publicUrl: () => "http://sluice", namedTransformations: stamped };
  const resolving = resolveUpload(deps as never, fixture.principal, new Map(Object.entries(fields)));
  return resolving.then(
    () => "taken",
    ({ reason, help }: SluiceError) => `${reason}: ${help}`,
  );
}

const v1 = { publicKey: "public_demo", token: "t", expire: "1", signature: "s" };
const refused = "TRANSFORMATION_INVALID: pre: Its layers can't show these files";

test.each<[UnsignedRestriction, string, string]>([
  ["off", "taken", "taken"],
  ["except_named", refused, "taken"],
  ["all", refused, refused],
])(
  "while unsigned URLs of images are restricted (%s), a V1 upload draws what an unsigned URL may",
  async (restrictUnsignedImages, explicit, named) => {
    const delivery = { restrictUnsignedImages };
    await fixture.parts.database.run(setAccount, { imagekitId: "demo", changes: { delivery } });
    for (const [pre, expected] of [
      [stamp, explicit],
      [`if-w_gt_1,${stamp},if-end`, explicit],
      [`l-text,i-a,${stamp},l-end`, explicit],
      ["n-stamped,w-10", explicit],
      ["n-stamped", named],
      ["w-10,l-image,i-ik_canvas,l-end:l-text,i-a,l-end", "taken"],
    ] as const) {
      expect([pre, await outcome({ pre }, v1)]).toEqual([pre, expect.stringContaining(expected)]);
      expect([pre, await outcome({ pre }, {})]).toEqual([pre, "taken"]);
      // What `post` makes is shown by the file's URLs, which are restricted themselves.
      const post = [{ type: "transformation", value: pre }];
      expect([pre, await outcome({ post }, v1)]).toEqual([pre, "taken"]);
    }
  },
);

test("models work for what is made after an upload, and not for what is stored", async () => {
  const ai = { effects: new Set(["e-bgremove"] as const), unsigned: false };
  const deps = { ...fixture.services, ai, logger: createLogger("silent"), publicUrl: () => "http://localhost" };
  const resolve = (transformation: object) =>
    resolveUpload(
      deps,
      fixture.principal,
      new Map(Object.entries({ fileName: "a.png", transformation: JSON.stringify(transformation) })),
    );
  const post = (value: string) => [{ type: "transformation", value }];
  expect((await resolve({ post: post("w-30,e-bgremove") })).request.transformation?.post).toMatchObject(
    post("w-30,e-bgremove"),
  );
  await expect(resolve({ post: post("e-upscale") })).rejects.toMatchObject({ reason: "TRANSFORMATION_INVALID" });
  await expect(resolve({ pre: "e-bgremove" })).rejects.toMatchObject({ reason: "TRANSFORMATION_INVALID" });
});

test.each([
  ["of a V1 upload, whose signature locks no parameter, are refused", false, { signature: "0123" }, "refused"],
  ["of a V1 upload are taken where anybody may ask", true, { signature: "0123" }, "taken"],
  ["of other uploads are taken", false, { signature: "" }, "taken"],
])("the models' effects %s", async (_, unsigned, sent, outcome) => {
  const ai = { effects: new Set(["e-edit"] as const), unsigned };
  const deps = { ...fixture.services, ai, logger: createLogger("silent"), publicUrl: () => "http://localhost" };
  const transformation = JSON.stringify({ post: [{ type: "transformation", value: "e-edit-prompt-a hat" }] });
  const resolve = () =>
    resolveUpload(deps, fixture.principal, new Map(Object.entries({ fileName: "a.png", transformation, ...sent })));
  if (outcome === "taken") expect(await resolve()).toMatchObject({ request: { transformation: expect.anything() } });
  else await expect(resolve()).rejects.toMatchObject({ reason: "TRANSFORMATION_INVALID" });
});
