import { expect, test } from "vitest";
import { takenAtAndWhere } from "./taken.ts";

const apple = "com.apple.quicktime";

test.each<[string, Record<string, unknown>, unknown]>([
  ["in UTC", { creation_time: "2024-05-01T10:20:30.000000Z" }, { DateTimeOriginal: "2024-05-01T10:20:30.000Z" }],
  [
    "by the camera's own clock first",
    { creation_time: "2024-05-01T10:21:00.000000Z", [`${apple}.creationdate`]: "2024-05-01T12:20:30+0200" },
    { DateTimeOriginal: "2024-05-01T10:20:30.000Z" },
  ],
  ["without a zone", { creation_time: "2024-05-01T10:20:30" }, { DateTimeOriginal: "2024-05-01T10:20:30.000Z" }],
  ["and where", { location: "+48.2082+016.3738/" }, { GPSLatitude: 48.2082, GPSLongitude: 16.3738 }],
  [
    "and how high",
    { [`${apple}.location.ISO6709`]: "-33.8568+151.2153+012.000/" },
    { GPSLatitude: -33.8568, GPSLongitude: 151.2153 },
  ],
])("tells when it was taken, %s", (_, tags, told) => {
  expect(JSON.parse(takenAtAndWhere(tags) ?? "")).toEqual(told);
});

test.each([
  ["no tags", undefined],
  ["a camera without a clock", { creation_time: "1904-01-01T00:00:00.000000Z" }],
  ["a day that isn't", { creation_time: "2024-13-41T10:20:30Z" }],
  ["no time", { creation_time: "yesterday" }],
  ["a number", { creation_time: 5, location: {} }],
  ["no place", { location: "+91.0000+016.3738/" }],
  ["a longitude that breaks off", { location: "+48.2+016." }],
  ["a longitude with a comma", { location: "+48.2+016,3/" }],
  ["degrees and minutes", { location: "+4812.49+01622.43/" }],
  ["a long text", { location: `+48.2082+016.3738/${" ".repeat(100)}` }],
])("tells nothing by %s", (_, tags) => {
  expect(takenAtAndWhere(tags)).toBeUndefined();
});
