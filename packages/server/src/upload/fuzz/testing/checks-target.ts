import { SluiceError } from "@sluice/protocol";
import fc from "fast-check";
import { expect } from "vitest";
import { createField } from "../../../library/custom-metadata/manage-fields.ts";
import type { MediaFacts } from "../../../media/inspect/media-facts.ts";
import { openUploadFixture, type UploadFixture } from "../../../testing/upload-fixture.ts";
import { checkBeforeFile, checkRequest } from "../../resolve/caller-checks.ts";
import { fieldsOnce, resolveCustomMetadata } from "../../resolve/custom-metadata.ts";
import { validate } from "../../resolve/validate.ts";
import type { FuzzTarget } from "./fuzz-target.ts";
import { checksText, customFields } from "./hostile-checks.ts";
import { expectCallersFault } from "./parameters-target.ts";

const fields = fc
  .record(
    {
      folder: fc.constantFrom("/a/b c", "a", ""),
      tags: fc.constantFrom("x,y", "image", ""),
      isPrivateFile: fc.constantFrom("true", "false"),
      customCoordinates: fc.constantFrom("1,2,3,4", "100,1,1,1"),
      customMetadata: fc.constantFrom('{"brand":"x"}', '{"since":"2026-01-31T01:00+01:00"}', '{"sizes":["x",1]}', "{}"),
      fileName: fc.constantFrom("a.png", "x"),
    },
    { requiredKeys: ["fileName"] },
  )
  .map((given): [string, string][] => Object.entries(given));

const files = fc.constantFrom<MediaFacts>(
  { mime: "image/png", kind: "picture", width: 100, height: 1 },
  { mime: "image/png", kind: "picture" },
  { mime: "text/plain", kind: "other" },
  { mime: "video/mp4", kind: "video" },
);

/**
 * Any expression is refused with a 4xx that can be shown, or it lets the file in. An upload that is refused before
 * everything is known is also refused afterwards, for the same reason.
 */
export const checksTarget: FuzzTarget = {
  name: "an upload's checks",
  share: 120,
  async check(batch) {
    const fixture = await openUploadFixture();
    try {
      for (const [name, type] of customFields) {
        const schema = type === "MultiSelect" ? { type, selectOptions: ["x", 1] } : { type };
        await createField(fixture.services, fixture.principal, { name, label: name, schema });
      }
      const attempts = fc.record({ checks: checksText, given: fields, before: fc.nat({ max: 6 }), media: files });
      await fc.assert(
        fc.asyncProperty(attempts, (given) => attempt(fixture, given)),
        batch,
      );
    } finally {
      await fixture.close();
    }
  },
};

interface Attempt {
  readonly checks: string;
  readonly given: readonly [string, string][];
  /** The number of the fields that come before the file. */
  readonly before: number;
  readonly media: MediaFacts;
}

async function attempt({ principal, parts }: UploadFixture, { checks, given, before, media }: Attempt): Promise<void> {
  const fieldsOf = fieldsOnce(parts.customFields);
  const all: [string, string][] = [["checks", checks], ...given];
  const [whole, known] = [new Map(all), new Map(all.slice(0, before))];
  const soon = await refusalOf(() => checkBeforeFile(fieldsOf, { principal }, known));
  const sooner = await refusalOf(() => checkBeforeFile(fieldsOf, { principal, claims: whole }, known));
  const late = await refusalOf(async () => {
    const request = validate(whole);
    const { customMetadata } = await resolveCustomMetadata(fieldsOf, principal, request);
    const checkFile = await checkRequest(fieldsOf, principal, request, customMetadata);
    checkFile({ size: 100, media });
  });
  for (const early of [soon, sooner]) if (early !== undefined) expect(early).toBe(late);
}

/** @returns a refusal's reason. The refusal must be the caller's fault, and must hold nothing that can't be shown. */
async function refusalOf(run: () => Promise<unknown>): Promise<string | undefined> {
  try {
    await run();
    return undefined;
  } catch (error) {
    expectCallersFault(error);
    if (!(error instanceof SluiceError)) throw error;
    expect(error.help).toMatch(/^[^\p{C}]{1,300}$/u);
    return error.reason;
  }
}
