import { type Fact, type Facts, notYetKnown } from "../evaluate.ts";
import type { CustomFieldType } from "../fields.ts";

export const sampleFields: ReadonlyMap<string, CustomFieldType> = new Map([
  ["title", "Text"],
  ["notes", "Textarea"],
  ["rank", "Number"],
  ["taken", "Date"],
  ["approved", "Boolean"],
  ["colour", "SingleSelect"],
  ["level", "SingleSelect"],
  ["sizes", "MultiSelect"],
  ["absent", "Text"],
  ["absentSizes", "MultiSelect"],
]);

const requestFacts: Readonly<Record<string, Fact>> = {
  "request.fileName": "red-shoe.jpg",
  "request.folder": "/marketing/summer/",
  "request.useUniqueFileName": true,
  "request.isPrivateFile": false,
  "request.isPublished": true,
  "request.overwriteFile": true,
  "request.overwriteAITags": true,
  "request.overwriteTags": true,
  "request.overwriteCustomMetadata": false,
  "request.tags": ["red", "shoe", 'say "hi"'],
  "request.customMetadata.title": "A red shoe",
  "request.customMetadata.notes": "line one\nline two",
  "request.customMetadata.rank": 7.5,
  "request.customMetadata.taken": "2026-03-01T10:00:00.000Z",
  "request.customMetadata.approved": true,
  "request.customMetadata.colour": "red",
  "request.customMetadata.level": 3,
  "request.customMetadata.sizes": ["s", "m", 42, true],
};

const fileFacts: Readonly<Record<string, Fact>> = {
  "file.size": 409_600,
  "file.mime": "image/jpeg",
  "mediaMetadata.width": 512,
  "mediaMetadata.height": 340,
};

/** A JPEG of 400 KB in the folder marketing/summer. */
export const sampleFacts: Facts = (field) => ({ ...requestFacts, ...fileFacts })[field];

/** The facts of the same upload while it is still arriving. */
export const earlyFacts: Facts = (field) => (field.startsWith("request.") ? requestFacts[field] : notYetKnown);

/** A video. */
export const videoFacts: Facts = (field) =>
  ({
    ...requestFacts,
    "file.size": 8_000_000,
    "file.mime": "video/mp4",
    "mediaMetadata.width": 1920,
    "mediaMetadata.height": 1080,
    "mediaMetadata.duration": 12.48,
    "mediaMetadata.bitRate": 5_100_000,
    "mediaMetadata.videoCodec": "hevc",
    "mediaMetadata.audioCodec": "AAC",
  })[field];
