import fc from "fast-check";
import { applyExtension } from "../../../../../extensions/end-transaction.ts";
import type { MediaFacts } from "../../../../../media/inspect/media-facts.ts";
import { kindOf } from "../../../../../media/inspect/media-kind.ts";
import { newId } from "../../../../../text/id.ts";
import { type FilesApp, publicUrl } from "../files-app.ts";
import type { CustomValue } from "./library-object.ts";
import * as pools from "./words-in-pools.ts";

const name = "google-auto-tagging";

const fields = [
  ["title", { type: "Text" }],
  ["notes", { type: "Textarea" }],
  ["rank", { type: "Number" }],
  ["expires", { type: "Date" }],
  ["approved", { type: "Boolean" }],
  ["colour", { type: "SingleSelect", selectOptions: pools.options }],
  ["sizes", { type: "MultiSelect", selectOptions: pools.options }],
] as const;

/** One upload: a new file, or a further version of a file that has the name already. */
interface RandomUpload {
  readonly place: { readonly fileName: string; readonly folder: string };
  readonly media: MediaFacts;
  readonly size: number;
  readonly tags: readonly string[];
  readonly aiTags: readonly string[];
  readonly custom: Readonly<Record<string, CustomValue>>;
  readonly isPrivateFile: boolean;
  readonly isPublished: boolean;
  /** Milliseconds after the upload before it. Some uploads happen at the same time. */
  readonly afterMs: number;
  /** The next change of the file. */
  readonly fate: "stays" | "is edited" | "is deleted";
}

const some = <Value>(values: readonly Value[], maxLength = 3) =>
  fc.uniqueArray(fc.constantFrom(...values), { maxLength, comparator: (one, other) => String(one) === String(other) });

const embedded = fc.record(
  {
    Keywords: fc.uniqueArray(fc.constantFrom(...pools.keywords), { minLength: 1, maxLength: 3 }),
    DateTimeOriginal: fc.constantFrom(
      "2020-01-01T00:00:00.000Z",
      "2020-01-01T23:59:59.999Z",
      "1969-12-31T10:00:00.000Z",
    ),
    at: fc.constantFrom(...pools.places),
    Title: fc.constant("red"),
  },
  { requiredKeys: [] },
);

const picture = fc
  .record({
    mime: fc.constantFrom("image/jpeg", "image/png", "image/webp", "image/gif", "image/svg+xml", "image/avif"),
    sized: fc.boolean(),
    width: fc.constantFrom(1, 10, 20, 300),
    height: fc.constantFrom(1, 10, 20, 300),
    hasAlpha: fc.boolean(),
    embedded: fc.option(embedded, { nil: undefined }),
  })
  .map(({ mime, sized, width, height, hasAlpha, embedded: found }): MediaFacts => {
    const { at, ...rest } = found ?? {};
    const gps = at === undefined ? {} : { GPSLatitude: at[0], GPSLongitude: at[1] };
    const json = JSON.stringify({ ...rest, ...gps });
    return {
      mime,
      kind: "picture",
      ...(sized ? { width, height, hasAlpha } : {}),
      ...(json === "{}" ? {} : { embeddedMetadata: json }),
    };
  });

const other = fc
  .constantFrom("application/pdf", "text/plain", "text/css")
  .map((mime): MediaFacts => ({ mime, kind: kindOf(mime) }));

const film = fc
  .record(
    {
      width: fc.constantFrom(10, 300),
      height: fc.constantFrom(10, 300),
      duration: fc.constantFrom(...pools.durations),
      bitRate: fc.constantFrom(...pools.bitRates),
      videoCodec: fc.constantFrom(...pools.codecs),
      audioCodec: fc.constantFrom(...pools.codecs),
    },
    { requiredKeys: [] },
  )
  .map((facts): MediaFacts => ({ mime: "video/mp4", kind: "video", ...facts }));

const custom = fc.record(
  {
    title: fc.constantFrom(...pools.customTexts),
    notes: fc.constantFrom(...pools.customTexts),
    rank: fc.constantFrom(...pools.customNumbers),
    expires: fc.constantFrom(...pools.customDates),
    approved: fc.boolean(),
    colour: fc.constantFrom(...pools.options),
    sizes: some(pools.options),
  },
  { requiredKeys: [] },
);

const place = fc.oneof(
  fc.record({
    fileName: fc
      .tuple(fc.constantFrom(...pools.stems), fc.constantFrom("", "-1", "_b", "2"), fc.constantFrom(...pools.endings))
      .map((parts) => parts.join("")),
    folder: fc.constantFrom(...pools.folders),
  }),
  // A second upload to the same place makes a version.
  fc.constantFrom(
    { fileName: "red.jpg", folder: "/a" },
    { fileName: "東京タワー.png", folder: "/a/b" },
    { fileName: "a", folder: "/" },
    { fileName: "Straße.JPG", folder: "/été" },
  ),
);

const upload: fc.Arbitrary<RandomUpload> = fc.record({
  place,
  media: fc.oneof({ weight: 3, arbitrary: picture }, { weight: 1, arbitrary: film }, { weight: 1, arbitrary: other }),
  size: fc.constantFrom(0, 100, 1000, 1024, 10_240, 1_048_576),
  tags: some(pools.tags),
  aiTags: some(pools.tags, 2),
  custom,
  isPrivateFile: fc.boolean(),
  isPublished: fc.boolean(),
  afterMs: fc.constantFrom(0, 0, 1, 999, 1000, 60_000, 86_400_000),
  fate: fc.constantFrom("stays", "stays", "stays", "is edited", "is deleted"),
});

/** Fills the account's library as uploads, extensions and edits would. The same seed makes the same library. */
export async function fillLibrary(app: FilesApp, { uploads, seed }: { uploads: number; seed: number }): Promise<void> {
  for (const [field, schema] of fields) {
    const payload = { name: field, label: field, schema };
    const answer = await app.request("POST", "/v1/customMetadataFields", { payload });
    if (answer.statusCode !== 201) throw new Error(answer.body);
  }
  await app.openQueue();
  let time = app.now;
  for (const one of fc.sample(upload, { numRuns: uploads, seed })) {
    time += one.afterMs;
    await add(app, one, time);
  }
  // Another account's files are found by nobody else.
  await app.upload({ account: "other", fields: { fileName: "red.jpg", folder: "/a", tags: "red" } });
  app.now = Math.max(app.now, time);
}

async function add(app: FilesApp, one: RandomUpload, now: number): Promise<void> {
  const { place: to, media, size, tags, aiTags, isPrivateFile, isPublished } = one;
  const run = { id: newId(now), afterSeconds: 60, webhookUrl: null, publicUrl, imagekitId: "demo" };
  const { account_id, file_id, id } = await app.upload({
    fields: {
      ...to,
      tags: JSON.stringify(tags),
      isPrivateFile: String(isPrivateFile),
      isPublished: String(isPublished),
    },
    media,
    size,
    customMetadata: one.custom,
    extensions: [{ ...run, extension: { name, options: {} } }],
    now,
  });
  const found = aiTags.map((tag) => ({ name: tag, confidence: 90 }));
  const { outcome } = await app.database.run(applyExtension, {
    runId: run.id,
    name,
    accountId: account_id,
    versionId: id,
    endpoint: { publicUrl, imagekitId: "demo" },
    webhookUrl: null,
    changes: { aiTags: found },
    storageLimit: 0,
    awaited: true,
    now,
  });
  if (outcome !== "applied") throw new Error(outcome);
  if (one.fate === "is edited") await edit(app, file_id, one);
  if (one.fate === "is deleted") await app.request("DELETE", `/v1/files/${file_id}`);
}

/** Changes what searches ask for. */
async function edit(app: FilesApp, fileId: string, { tags, custom }: RandomUpload): Promise<void> {
  const payload = {
    tags: tags.length > 1 ? tags.slice(1) : ["edited red"],
    removeAITags: ["a", "red"],
    customMetadata: { title: "edited red", ...(custom.rank === undefined ? {} : { rank: null }) },
  };
  const answer = await app.request("PATCH", `/v1/files/${fileId}/details`, { payload });
  if (answer.statusCode !== 200) throw new Error(answer.body);
}
