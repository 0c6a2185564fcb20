import { describe, expect, test } from "vitest";
import { evaluateChecks } from "./evaluate.ts";
import { parseChecks } from "./parse.ts";
import { printChecks } from "./print.ts";
import { earlyFacts, sampleFacts, sampleFields, videoFacts } from "./testing/sample-facts.ts";

type Expected = "passes" | "fails" | "undecided";

const yes = "passes";
const no = "fails";
const later = "undecided";

/** `café`, as two keyboards type it. */
const [composed, decomposed] = ["caf\u00e9", "cafe\u0301"];

/** Each expression with its result for the picture of `sampleFacts`. */
const ofThePicture: readonly (readonly [string, Expected])[] = [
  // Expressions seen in the wild and in the documentation.
  [`'file.size' <= '400KB' AND 'file.mime' = 'image/webp' AND 'mediaMetadata.width' = 512`, no],
  [`'file.size' <= '400KB' AND 'file.mime' = 'image/jpeg' AND 'mediaMetadata.width' = 512`, yes],
  [`'file.mime' IN ['image/jpeg', 'image/png'] AND 'file.size' <= 5242880`, yes],
  [`'request.folder' : '/'`, yes],
  [`"request.folder" : "marketing/"`, yes],
  [`"file.size" < "1mb"\n`, yes],
  [`"file.mime" : image`, yes],
  [`  \t"file.mime"\r\n:\n"image/"  `, yes],
  // Sizes
  [`"file.size" = 409600`, yes],
  [`"file.size" = "409600"`, yes],
  [`"file.size" = "400kb"`, yes],
  [`"file.size" = "400KB"`, yes],
  [`"file.size" = "400 Kb"`, yes],
  [`"file.size" = "409600b"`, yes],
  [`"file.size" = "0.390625mb"`, yes],
  [`"file.size" = 409601`, no],
  [`"file.size" < 409600`, no],
  [`"file.size" < 409600.5`, yes],
  [`"file.size" <= 409600`, yes],
  [`"file.size" > 409599`, yes],
  [`"file.size" > 409600`, no],
  [`"file.size" >= 409600`, yes],
  [`"file.size" >= "1GB"`, no],
  [`"file.size" < "1TB"`, yes],
  [`"file.size" > 4e5`, yes],
  [`"file.size" > -1`, yes],
  [`"file.size" > -0`, yes],
  [`"file.size"<1000000`, yes],
  // Media types; case has no meaning.
  [`"file.mime" = "image/jpeg"`, yes],
  [`"file.mime" = "IMAGE/JPEG"`, yes],
  [`"file.mime" = image/jpeg`, yes],
  [`"file.mime" = "image"`, no],
  [`"file.mime" NOT = "image/png"`, yes],
  [`"file.mime" NOT = "image/jpeg"`, no],
  [`"file.mime" not = "image/jpeg"`, no],
  [`"file.mime" NOT="image/png"`, yes],
  [`"file.mime" : "image/"`, yes],
  [`"file.mime" : "video/"`, no],
  [`"file.mime" : ""`, yes],
  [`"file.mime" IN ["image/png", "image/jpeg"]`, yes],
  [`"file.mime" IN [image/png,image/jpeg]`, yes],
  [`"file.mime" IN ["image/png"]`, no],
  [`"file.mime" NOT IN ["image/png", "image/gif"]`, yes],
  [`"file.mime" NOT IN ["image/png", "image/jpeg"]`, no],
  [`"file.mime" not in ["image/png"]`, yes],
  [`"file.mime" in ["image/jpeg"]`, yes],
  // Media facts, some of which a picture doesn't have.
  [`"mediaMetadata.width" = 512`, yes],
  [`"mediaMetadata.width" = "512"`, yes],
  [`"mediaMetadata.width" = 512.0`, yes],
  [`"mediaMetadata.width" < 512`, no],
  [`"mediaMetadata.width" <= 512`, yes],
  [`"mediaMetadata.width" > 512`, no],
  [`"mediaMetadata.height" >= 340`, yes],
  [`"mediaMetadata.height" > 340.5`, no],
  [`"mediaMetadata.duration" > 0`, no],
  [`"mediaMetadata.duration" <= 1000000`, no],
  [`"mediaMetadata.bitRate" = 0`, no],
  [`"mediaMetadata.videoCodec" = "h264"`, no],
  [`"mediaMetadata.videoCodec" NOT = "h264"`, yes],
  [`"mediaMetadata.videoCodec" : ""`, no],
  [`"mediaMetadata.audioCodec" IN ["aac"]`, no],
  [`"mediaMetadata.audioCodec" NOT IN ["aac"]`, yes],
  // Names
  [`"request.fileName" = "red-shoe.jpg"`, yes],
  [`"request.fileName" = "Red-shoe.jpg"`, no],
  [`"request.fileName" = red-shoe.jpg`, yes],
  [`"request.fileName" : "red-"`, yes],
  [`"request.fileName" : "shoe"`, no],
  [`"request.fileName" NOT = "x"`, yes],
  [`"request.fileName" IN ["a", "red-shoe.jpg"]`, yes],
  [`"request.fileName" NOT IN ["a", "b"]`, yes],
  [`"request.fileName" = 5`, no],
  [`"request.fileName" = true`, no],
  // Folders, whatever slashes surround them.
  [`"request.folder" = "/marketing/summer"`, yes],
  [`"request.folder" = "marketing/summer/"`, yes],
  [`"request.folder" = "marketing"`, no],
  [`"request.folder" NOT = "marketing"`, yes],
  [`"request.folder" NOT = "/marketing/summer/"`, no],
  [`"request.folder" : "marketing"`, yes],
  [`"request.folder" : "/marketing/summer/"`, yes],
  [`"request.folder" : "mark"`, no],
  [`"request.folder" : "marketing/sum"`, no],
  [`"request.folder" : "marketing/summer/shoes"`, no],
  [`"request.folder" : ""`, yes],
  [`"request.folder" IN ["/a/", "/marketing/summer/"]`, yes],
  [`"request.folder" IN ["/a/", "/marketing/"]`, no],
  [`"request.folder" NOT IN ["/a/"]`, yes],
  [`"request.folder" = "/"`, no],
  // Switches
  [`"request.useUniqueFileName" = true`, yes],
  [`"request.useUniqueFileName" = "true"`, yes],
  [`"request.useUniqueFileName" = false`, no],
  [`"request.useUniqueFileName" NOT = false`, yes],
  [`"request.isPrivateFile" = true`, no],
  [`"request.isPrivateFile" = false`, yes],
  [`"request.isPublished" NOT = true`, no],
  [`"request.overwriteFile" = true`, yes],
  [`"request.overwriteAITags" = true`, yes],
  [`"request.overwriteTags" = false`, no],
  [`"request.overwriteCustomMetadata" = false`, yes],
  // Parameters that the request doesn't contain.
  [`"request.customCoordinates" = "1,2,3,4"`, no],
  [`"request.customCoordinates" NOT = "1,2,3,4"`, yes],
  [`"request.customCoordinates" : ""`, no],
  [`"request.customCoordinates" IN ["1,2,3,4"]`, no],
  [`"request.customCoordinates" NOT IN ["1,2,3,4"]`, yes],
  [`"request.webhookUrl" : "https://"`, no],
  [`"request.webhookUrl" NOT = ""`, yes],
  // Tags: one match is enough.
  [`"request.tags" IN ["red"]`, yes],
  [`"request.tags" IN ["blue", "shoe"]`, yes],
  [`"request.tags" IN ["blue"]`, no],
  [`"request.tags" IN ["Red"]`, no],
  [`"request.tags" IN ["re"]`, no],
  [`"request.tags" NOT IN ["blue", "green"]`, yes],
  [`"request.tags" NOT IN ["blue", "red"]`, no],
  [`"request.tags" HAS ["red"]`, yes],
  [`"request.tags" has [red, blue]`, yes],
  [`"request.tags" NOT HAS ["red"]`, no],
  [`"request.tags" NOT HAS ["blue"]`, yes],
  // Quotes inside quotes
  [String.raw`"request.tags" IN ["say \"hi\""]`, yes],
  [`"request.tags" IN ['say "hi"']`, yes],
  [String.raw`"request.tags" IN ['say \"hi\"']`, yes],
  [String.raw`"request.fileName" = "red\-shoe.jpg"`, no],
  // The account's custom metadata
  [`"request.customMetadata.title" = "A red shoe"`, yes],
  [`"request.customMetadata.title" : "A "`, yes],
  [`"request.customMetadata.title" IN ["x"]`, no],
  [`"request.customMetadata.title" NOT IN ["x"]`, yes],
  [`"request.customMetadata.title" NOT = "x"`, yes],
  [`"request.customMetadata.notes" : "line one\nline"`, yes],
  [`"request.customMetadata.rank" = 7.5`, yes],
  [`"request.customMetadata.rank" NOT = 7`, yes],
  [`"request.customMetadata.rank" > 7`, yes],
  [`"request.customMetadata.rank" < 7`, no],
  [`"request.customMetadata.rank" <= 7.5`, yes],
  [`"request.customMetadata.rank" >= 8`, no],
  [`"request.customMetadata.rank" IN [1, 7.5]`, yes],
  [`"request.customMetadata.rank" NOT IN [1, 7.5]`, no],
  [`"request.customMetadata.taken" = "2026-03-01T10:00:00"`, yes],
  [`"request.customMetadata.taken" = "2026-03-01"`, no],
  [`"request.customMetadata.taken" > "2026-03-01"`, yes],
  [`"request.customMetadata.taken" < "2026-03-01T10:00:01"`, yes],
  [`"request.customMetadata.taken" <= "2026-02-28"`, no],
  [`"request.customMetadata.taken" >= "2026-03-01T10:00:00"`, yes],
  [`"request.customMetadata.taken" > "2026-03-01T09:59:59.999Z"`, yes],
  [`"request.customMetadata.taken" > "0001-01-01"`, yes],
  [`"request.customMetadata.taken" NOT = "2026-03-02"`, yes],
  [`"request.customMetadata.taken" IN ["2026-03-02", "2026-03-01T10:00:00"]`, yes],
  [`"request.customMetadata.approved" = true`, yes],
  [`"request.customMetadata.approved" NOT = true`, no],
  [`"request.customMetadata.colour" = "red"`, yes],
  [`"request.customMetadata.colour" = red`, yes],
  [`"request.customMetadata.colour" : "r"`, yes],
  [`"request.customMetadata.colour" IN ["blue", "red"]`, yes],
  [`"request.customMetadata.colour" > "blue"`, yes],
  [`"request.customMetadata.colour" > 3`, no],
  [`"request.customMetadata.level" = 3`, yes],
  [`"request.customMetadata.level" = "3"`, yes],
  [`"request.customMetadata.level" NOT = "3"`, no],
  [`"request.customMetadata.level" NOT = "3.0"`, no],
  [`"request.customMetadata.level" NOT IN [2, 03]`, no],
  [`"request.customMetadata.level" >= 2`, yes],
  [`"request.customMetadata.level" : 3`, no],
  [`"request.customMetadata.level" IN [1, 2]`, no],
  [`"request.customMetadata.sizes" IN ["m", "xl"]`, yes],
  [`"request.customMetadata.sizes" IN ["xl"]`, no],
  [`"request.customMetadata.sizes" IN [42]`, yes],
  [`"request.customMetadata.sizes" IN [true]`, yes],
  [`"request.customMetadata.sizes" NOT IN ["xl", false]`, yes],
  [`"request.customMetadata.absent" = ""`, no],
  [`"request.customMetadata.absent" NOT = ""`, yes],
  [`"request.customMetadata.absentSizes" IN ["m"]`, no],
  [`"request.customMetadata.absentSizes" NOT IN ["m"]`, yes],
  // AND binds tighter than OR, and parentheses bind tighter than both.
  [`"file.size" > 1 AND "file.size" > 2`, yes],
  [`"file.size" > 1 and "file.size" < 2`, no],
  [`"file.size" < 1 OR "file.size" > 2`, yes],
  [`"file.size" < 1 or "file.size" < 2`, no],
  [`"file.size" > 1 OR "file.size" < 1 AND "file.size" < 2`, yes],
  [`("file.size" > 1 OR "file.size" < 1) AND "file.size" < 2`, no],
  [`"file.size" < 1 AND "file.size" < 2 OR "file.size" > 1`, yes],
  [`"file.size" < 1 AND ("file.size" < 2 OR "file.size" > 1)`, no],
  [`(("file.size" > 1))`, yes],
  [`("file.size">1)AND("file.mime":image)`, yes],
  [`"file.mime" : "image/" AND ("mediaMetadata.width" <= 512 OR "file.size" < 10) AND "request.tags" IN [red]`, yes],
];

test("there are enough of them", () => {
  expect(ofThePicture.length).toBeGreaterThanOrEqual(150);
});

test.each(ofThePicture)("%s %s", (text, expected) => {
  const checks = parseChecks(text, sampleFields);
  expect(evaluateChecks(checks, sampleFacts).outcome).toBe(expected);
  // The printed expression means the same.
  expect(evaluateChecks(parseChecks(printChecks(checks), sampleFields), sampleFacts).outcome).toBe(expected);
});

test.each([
  ["request.fileName", (name: string) => name],
  ["request.folder", (name: string) => `/${name}/`],
])("%s is stored in NFC, and compared with what is the same in it", (field, written) => {
  const outcomeOf = (condition: string) =>
    evaluateChecks(parseChecks(`"${field}" ${condition}`), () => written(composed)).outcome;
  for (const name of [composed, decomposed]) {
    const value = `"${written(name)}"`;
    expect([outcomeOf(`= ${value}`), outcomeOf(`NOT = ${value}`), outcomeOf(`: ${value}`)]).toEqual([yes, no, yes]);
  }
});

test.each(["007", "7.0", "1e3", "10", "true"])("the option %j is itself, whether in quotes or not", (option) => {
  const outcomeOf = (condition: string) =>
    evaluateChecks(parseChecks(`"request.customMetadata.level" ${condition}`, sampleFields), () => option).outcome;
  for (const value of [option, `"${option}"`]) {
    expect([outcomeOf(`= ${value}`), outcomeOf(`NOT = ${value}`), outcomeOf(`NOT IN [1, ${value}]`)]).toEqual([
      yes,
      no,
      no,
    ]);
  }
});

describe("of a video", () => {
  test.each<[string, Expected]>([
    [`"mediaMetadata.videoCodec" = hevc`, yes],
    [`"mediaMetadata.videoCodec" IN ["h264", "HEVC"]`, yes],
    [`"mediaMetadata.audioCodec" = "aac"`, yes],
    [`"mediaMetadata.audioCodec" : "mp"`, no],
    [`"mediaMetadata.duration" <= 12.48`, yes],
    [`"mediaMetadata.duration" < "12.48"`, no],
    [`"mediaMetadata.bitRate" > 5000000`, yes],
    [`"file.mime" : video AND "file.size" <= "10MB"`, yes],
  ])("%s %s", (text, expected) => {
    expect(evaluateChecks(parseChecks(text), videoFacts).outcome).toBe(expected);
  });
});

describe("while the file is arriving", () => {
  test.each<[string, Expected]>([
    [`"request.folder" : "marketing"`, yes],
    [`"request.folder" : "other"`, no],
    [`"file.size" < 1`, later],
    [`"file.mime" NOT = "x"`, later],
    [`"mediaMetadata.width" = 1`, later],
    [`"request.folder" : "other" AND "file.size" < 1`, no],
    [`"file.size" < 1 AND "request.folder" : "other"`, no],
    [`"request.folder" : "marketing" AND "file.size" < 1`, later],
    [`"request.folder" : "marketing" OR "file.size" < 1`, yes],
    [`"file.size" < 1 OR "request.folder" : "marketing"`, yes],
    [`"request.folder" : "other" OR "file.size" < 1`, later],
    [`("file.size" < 1 OR "request.isPrivateFile" = true) AND "request.tags" IN ["blue"]`, no],
    [`("file.size" < 1 OR "request.isPrivateFile" = false) AND "request.tags" IN ["red"]`, yes],
    [`("file.size" < 1 AND "request.isPrivateFile" = true) OR "request.tags" IN ["blue"]`, no],
  ])("%s %s", (text, expected) => {
    expect(evaluateChecks(parseChecks(text), earlyFacts).outcome).toBe(expected);
  });
});

describe("the condition that fails is named as it was written", () => {
  test.each([
    [`"file.size" <  1`, `"file.size" <  1`],
    [`"file.size" > 1 AND  'file.mime' = 'image/png' AND "file.size" < 1`, `'file.mime' = 'image/png'`],
    [`"file.size" > 1 AND ("file.size" < 1 OR "file.size" < 2)`, `"file.size" < 1 OR "file.size" < 2`],
    [
      `"file.size" < 1 OR "file.size" < 2 AND "file.size" > 3`,
      `"file.size" < 1 OR "file.size" < 2 AND "file.size" > 3`,
    ],
    [`("file.size" > 1 AND ("file.size" > 2 AND "file.size" < 3))`, `"file.size" < 3`],
  ])("%s", (text, condition) => {
    expect(evaluateChecks(parseChecks(text), sampleFacts)).toEqual({ outcome: "fails", condition });
  });
});
