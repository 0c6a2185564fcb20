import { checkFields } from "@sluice/grammar";
import fc, { type Arbitrary } from "fast-check";
import type { FieldType } from "../../../library/custom-metadata/field.ts";
import { hostileText } from "./hostile-text.ts";

/** The account's custom metadata fields that the checks are about. */
export const customFields: readonly [name: string, type: FieldType][] = [
  ["brand", "Text"],
  ["since", "Date"],
  ["sizes", "MultiSelect"],
];

const fieldName = fc.oneof(
  { weight: 8, arbitrary: fc.constantFrom(...Object.keys(checkFields)) },
  {
    weight: 2,
    arbitrary: fc.constantFrom(...customFields, ["nobodys"]).map(([name]) => `request.customMetadata.${name}`),
  },
  { weight: 1, arbitrary: fc.constantFrom("request.toString", "file.__proto__", "") },
);
const value = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.constantFrom("1", "100", `"1kb"`, "image", `"image/png"`, `"/a/"`, "true", `"x"`, `"2026-01-31"`),
  },
  { weight: 1, arbitrary: hostileText.map(quoted) },
  { weight: 1, arbitrary: hostileText },
);
const operator = fc.constantFrom("=", "NOT =", ":", "<", "<=", ">", ">=", "IN", "NOT IN", "has", "LIKE");

const anyCondition = fc.tuple(fieldName, operator, value).map(([field, how, what]) => {
  const isList = /in|has/i.test(how);
  return `"${field}" ${how} ${isList ? `[${what}]` : what}`;
});

/** Conditions that are true of some of the uploads below and false of others. */
const rightCondition = fc.constantFrom(
  '"request.fileName" : a',
  '"request.fileName" NOT IN [x]',
  '"request.folder" : "a"',
  '"request.folder" NOT = "/"',
  '"request.tags" IN [x]',
  '"request.tags" NOT IN [image]',
  '"request.isPrivateFile" = true',
  '"request.isPublished" NOT = true',
  '"request.customCoordinates" : "1,"',
  '"request.customCoordinates" NOT = "1,2,3,4"',
  '"request.webhookUrl" = ""',
  '"request.customMetadata.brand" NOT = x',
  '"request.customMetadata.since" <= "2026-01-31"',
  '"request.customMetadata.sizes" IN [1]',
  '"file.size" <= 100',
  '"file.size" < "0.01kb"',
  '"file.mime" : image',
  '"mediaMetadata.width" > 10',
  '"mediaMetadata.videoCodec" NOT = hevc',
);

/** A readable condition that hardly any upload meets. */
const strangeCondition = hostileText.map((text) => `"request.tags" IN [${quoted(text)}]`);

const condition = fc.oneof(
  { weight: 9, arbitrary: rightCondition },
  { weight: 1, arbitrary: anyCondition },
  { weight: 1, arbitrary: strangeCondition },
);
const many = fc.array(condition, { minLength: 1, maxLength: 3 });

/** Checks, most of which are readable. */
export const checksText: Arbitrary<string> = fc.oneof(
  { weight: 3, arbitrary: many.map((all) => all.join(" AND ")) },
  { weight: 3, arbitrary: many.map((all) => all.join(" OR ")) },
  { weight: 2, arbitrary: fc.tuple(many, many).map(([one, two]) => `(${one.join(" OR ")}) AND ${two.join(" OR ")}`) },
  { weight: 1, arbitrary: anyCondition },
  { weight: 1, arbitrary: hostileText },
);

function quoted(text: string): string {
  return `"${text.replaceAll(/["\\]/g, "\\$&")}"`;
}
