import { glob, readFile } from "node:fs/promises";
import { parseTransformation } from "@sluice/grammar";
import { expect, test } from "vitest";
import { DeliveryRefusal } from "../refusals/refusal.ts";
import type { RequestedRendition } from "../url/requested-rendition.ts";
import { isThere, mayShow, refuseStored, refuseUnnamed, refuseUnsigned } from "./access.ts";

const kinds: readonly RequestedRendition["kind"][] = ["original", "plain", "explicit", "named"];
const image = { kind: "picture" } as const;
const video = { kind: "video" } as const;
const pdf = { kind: "document" } as const;

function outcome(decide: () => void): string {
  try {
    decide();
    return "admitted";
  } catch (error) {
    return error instanceof DeliveryRefusal ? error.reason : String(error);
  }
}

// docs/protocol/delivery.md §4
test.each([
  ["unsigned", false, true],
  ["unsigned", true, true],
  ["signed", false, true],
  ["signed", true, false],
] as const)(
  "thumbnails %s: names that ask for a thumbnail (%j) show a private file unsigned (%j); signed URLs and public files always pass",
  (privateThumbnails, thumbnail, shown) => {
    const show = (isPrivate: 0 | 1, signed: boolean, kind: RequestedRendition["kind"]) =>
      mayShow({ privateThumbnails }, { is_private_file: isPrivate }, { signed, kind, thumbnail });
    for (const kind of kinds) {
      expect(show(1, false, kind)).toBe(kind === "named" && shown);
      expect(show(1, true, kind)).toBe(true);
      expect(show(0, false, kind)).toBe(true);
    }
  },
);

test("the file itself, where it is private, is for signed URLs alone", () => {
  expect(outcome(() => refuseStored({ is_private_file: 1 }, { signed: false }))).toBe("PRIVATE");
  expect(outcome(() => refuseStored({ is_private_file: 1 }, { signed: true }))).toBe("admitted");
  expect(outcome(() => refuseStored({ is_private_file: 0 }, { signed: false }))).toBe("admitted");
});

test("a draft is as little there as nothing", () => {
  expect(
    [{ is_published: 1 as const }, { is_published: 0 as const }, undefined].map((version) => isThere(version)),
  ).toEqual([true, false, false]);
});

// docs/protocol/delivery.md §5
test.each([
  ["off", "off", "explicit", ["admitted", "admitted", "admitted", "admitted"]],
  ["all", "off", "plain", ["UNSIGNED", "admitted", "admitted", "UNSIGNED"]],
  ["off", "all", "named", ["admitted", "UNSIGNED", "admitted", "UNSIGNED"]],
  ["except_named", "all", "named", ["admitted", "UNSIGNED", "admitted", "UNSIGNED"]],
  ["except_named", "off", "named", ["admitted", "admitted", "admitted", "admitted"]],
  ["except_named", "except_named", "original", ["UNSIGNED", "UNSIGNED", "admitted", "UNSIGNED"]],
] as const)(
  "images %s, videos %s: unsigned %s of an image, a video, a document, nothing: %j",
  (images, videos, kind, expected) => {
    const switches = { restrictUnsignedImages: images, restrictUnsignedVideos: videos };
    const files = [image, video, pdf, undefined];
    const outcomes = (signed: boolean, thumbnail: boolean) =>
      files.map((file) => outcome(() => refuseUnsigned(switches, file, { signed, kind, thumbnail })));
    expect(outcomes(false, false)).toEqual(expected);
    // The thumbnail of a document is an image, and that of a video counts as both.
    const [ofImage, ofVideo, , ofNothing] = expected;
    const ofStill = ofVideo === "UNSIGNED" ? ofVideo : ofImage;
    expect(outcomes(false, true)).toEqual([ofImage, ofStill, ofImage, ofNothing]);
    for (const thumbnail of [true, false]) expect(new Set(outcomes(true, thumbnail))).toEqual(new Set(["admitted"]));
  },
);

test.each([
  ["", "admitted"],
  ["n-a", "admitted"],
  ["n-a:n-b", "admitted"],
  ["n-a,w-1", "UNNAMED"],
  ["w-1", "UNNAMED"],
  ["orig-true", "UNNAMED"],
  ["di-a.png", "UNNAMED"],
])("where names alone are taken, %j is %s", (text, expected) => {
  expect(outcome(() => refuseUnnamed({ restrictUnnamed: true }, parseTransformation(text)))).toBe(expected);
  expect(outcome(() => refuseUnnamed({ restrictUnnamed: false }, parseTransformation(text)))).toBe("admitted");
});

test("no other file decides who is shown what", async () => {
  const folder = new URL("..", import.meta.url).pathname;
  const refusing =
    /new DeliveryRefusal\(\s*"(ACCOUNT_DISABLED|CLIENT_ADDRESS|REFERRER|USER_AGENT|COUNTRY|UNLISTED_HOST|V1_SIGNATURE|UNSIGNED|UNNAMED|PRIVATE)"/;
  const files: string[] = [];
  for await (const file of glob("**/*.ts", { cwd: folder })) {
    if (refusing.test(await readFile(`${folder}${file}`, "utf8"))) files.push(file);
  }
  expect(files).toEqual(["find/access.ts"]);
});
