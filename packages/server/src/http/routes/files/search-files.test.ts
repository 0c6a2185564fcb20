import { afterAll, beforeAll, expect, test } from "vitest";
import type { MediaFacts } from "../../../media/inspect/media-facts.ts";
import { describeEngines } from "../../../testing/engines.ts";
import { createFilesApp, type FilesApp, picture, text } from "./testing/files-app.ts";

describeEngines((engine) => {
  let app: FilesApp;
  let ids: ReadonlyMap<string, string>;

  beforeAll(async () => {
    app = await createFilesApp(engine);
    const fields = [
      { name: "brand", label: "Brand", schema: { type: "Text" } },
      { name: "price", label: "Price", schema: { type: "Number" } },
      { name: "until", label: "Until", schema: { type: "Date" } },
      { name: "sold", label: "Sold", schema: { type: "Boolean" } },
      { name: "grade", label: "Grade", schema: { type: "SingleSelect", selectOptions: ["low", 2, "03"] } },
      { name: "colours", label: "Colours", schema: { type: "MultiSelect", selectOptions: ["red", "blue", 1, true] } },
    ];
    for (const payload of fields) {
      expect((await app.request("POST", "/v1/customMetadataFields", { payload })).statusCode).toBe(201);
    }
    const upload = (fileName: string, more: Record<string, string> = {}, media: MediaFacts = picture, size = 100) =>
      app.upload({ fields: { fileName, ...more }, media, size });
    const embedded = {
      Keywords: ["Sunset", "sea"],
      DateTimeOriginal: "2025-06-15T10:00:00.000Z",
      GPSLatitude: 48.2,
      GPSLongitude: 16.37,
    };
    const photo = { ...picture, width: 4000, height: 3000, embeddedMetadata: JSON.stringify(embedded) };
    const uploads = [
      await upload("Red-Shoe.jpg", { folder: "/shop", tags: "red,Summer sale" }, photo, 5000),
      await upload("redwoods.png", { folder: "/shop/deep" }, { ...picture, mime: "image/png", hasAlpha: true }, 2048),
      await upload("notes.txt", { isPrivateFile: "true", tags: "red" }, text, 10),
      await upload("draft.css", { isPublished: "false", folder: "/shopping" }, text, 1_048_577),
    ];
    ids = new Map(uploads.map((asset) => [asset.name, asset.file_id]));
    const values = [
      ["Red-Shoe.jpg", { brand: "Nike", price: 19.5, until: "2026-05-01", sold: true, grade: 2, colours: ["red", 1] }],
      ["redwoods.png", { brand: "Nikon", price: -3, grade: "low", colours: ["blue"] }],
      ["notes.txt", { price: 100, until: "2027-01-01T00:00:00Z", sold: false, grade: "03" }],
    ] as const;
    for (const [name, customMetadata] of values) {
      const url = `/v1/files/${ids.get(name)}/details`;
      expect((await app.request("PATCH", url, { payload: { customMetadata } })).statusCode).toBe(200);
    }
    await upload("notes.txt", { tags: "blue" }, text, 20);
  });
  afterAll(() => app.close());

  async function search(query: string, more = ""): Promise<string[]> {
    const response = await app.request("GET", `/v1/files?searchQuery=${encodeURIComponent(query)}${more}`);
    expect(response.statusCode, response.body).toBe(200);
    return response.json<{ name: string }[]>().map(({ name }) => name);
  }

  const [shoe, woods, notes, draft] = ["Red-Shoe.jpg", "redwoods.png", "notes.txt", "draft.css"] as const;
  const files = [shoe, woods, notes, draft];
  /** So many that a row's terms are read, instead of looked for one by one. */
  const others = Array.from({ length: 20 }, (_, index) => `"other \\"${index}"`).join(", ");

  test("a query with as many values as it may have is answered", async () => {
    const day = (index: number) => new Date(index * 86_400_000).toISOString().slice(0, 10);
    const days = Array.from({ length: 999 }, (_, index) => day(index));
    for (const field of ["createdAt", "updatedAt", '"customMetadata.until"', '"embeddedMetadata.DateTimeOriginal"']) {
      expect(await search(`${field} IN [${days}]`)).toEqual([]);
      expect(await search(`${field} NOT IN [${days}] AND type = file`, "&sort=ASC_CREATED")).toEqual(files);
    }
    const some = Array.from(
      { length: 9 },
      (_, index) => `createdAt IN [${days.slice(index * 110, index * 110 + 110)}]`,
    );
    expect(await search(some.join(" OR "))).toEqual([]);
    expect(await search(`tags NOT IN [${days}] AND type = "file"`)).toHaveLength(files.length);
  });

  test.each<[string, string[]]>([
    [`name = "${shoe}"`, [shoe]],
    ['name = "red-shoe.jpg"', []],
    ['name : "red"', [woods]],
    ['name : "Red" OR name : "red"', [shoe, woods]],
    ['name HAS "RED"', [shoe, woods]],
    ['name HAS "shoe re"', [shoe]],
    ['name HAS "red shoe jpg x"', []],
    [`name IN ["${notes}", "${draft}"]`, [notes, draft]],
    ['type = "file" AND name NOT IN ["notes.txt", "draft.css"]', [shoe, woods]],
    ['tags IN ["red"]', [shoe]],
    ['tags IN ["blue", "red"]', [shoe, notes]],
    [`tags IN [${others}, "blue", "red"]`, [shoe, notes]],
    [`type = "file" AND tags NOT IN [${others}, "red"]`, [woods, notes, draft]],
    [`"embeddedMetadata.Keywords" IN [${others}, "sea"]`, [shoe]],
    ['tags HAS "summ"', [shoe]],
    ['tags HAS "sale red"', [shoe]],
    ["tags EXISTS", [shoe, notes]],
    ['type = "file" AND tags NOT EXISTS', [woods, draft]],
    ['type = "file" AND tags NOT IN ["red"]', [woods, notes, draft]],
    ['type = "folder"', ["shop", "deep", "shopping"]],
    ['type = "file-version"', [notes]],
    ['type = "file-version" AND tags IN ["red"]', [notes]],
    ['type NOT = "folder" AND name = "notes.txt"', [notes, notes]],
    ['path = "/shop"', [shoe, "deep"]],
    ['path : "/shop"', [shoe, "deep", woods]],
    ['type = "file" AND path NOT = "/shop"', [woods, notes, draft]],
    ["type = file AND createdAt = 2026-01-01", files],
    ["type = file AND createdAt > 2026-01-01", []],
    ["width >= 4000", [shoe]],
    ["height < 3000", [woods]],
    ["width NOT = 40 AND format = jpg", [shoe]],
    ['size > "1mb"', [draft]],
    ['size >= "2kb" AND size < "1mb"', [shoe, woods]],
    ["size IN [20, 2048]", [woods, notes]],
    ['format IN ["png", "css"]', [woods, draft]],
    ['private = true AND type = "file-version"', [notes]],
    ["published = false", [draft]],
    ["transparency = true", [woods]],
    ["transparency = false", [shoe]],
    ['createdBy = "a@b.c"', []],
    ['type = file AND createdBy NOT = "a@b.c"', files],
    ['"embeddedMetadata.Keywords" IN ["sea"]', [shoe]],
    ['"embeddedMetadata.Keywords" EXISTS', [shoe]],
    ['"embeddedMetadata.DateTimeOriginal" >= 2025-06-15', [shoe]],
    ['"embeddedMetadata.DateTimeOriginal" > 2025-06-15', []],
    ['"embeddedMetadata.LocationTaken" = "48.21,16.37 5km"', [shoe]],
    ['"embeddedMetadata.LocationTaken" = "48.21,16.37 500m"', []],
    ['"embeddedMetadata.LocationTaken" = "48,16|49,17"', [shoe]],
    ['"customMetadata.brand" = "Nike"', [shoe]],
    ['"customMetadata.brand" : "Nik"', [shoe, woods]],
    ['"customMetadata.brand" NOT EXISTS AND type = file', [notes, draft]],
    ['"customMetadata.price" > -5 AND "customMetadata.price" < 20', [shoe, woods]],
    ['"customMetadata.price" IN [100, -3]', [woods, notes]],
    ['"customMetadata.until" >= 2027-01-01', [notes]],
    ['"customMetadata.until" < 2027-01-01', [shoe]],
    ['"customMetadata.sold" = true', [shoe]],
    ['"customMetadata.grade" = 2', [shoe]],
    ['"customMetadata.grade" > 2', [notes]],
    ['"customMetadata.grade" IN ["low", "2"]', [shoe, woods]],
    ['"customMetadata.colours" IN [1, "blue"]', [shoe, woods]],
    ['"customMetadata.colours" NOT IN ["red"] AND type = file', [woods, notes, draft]],
    ['(tags IN ["red"] OR size > "1mb") AND name HAS "d"', [draft]],
    ['(tags IN ["red"] OR size > "1mb") AND (name HAS "dr" OR name HAS "sh")', [shoe, draft]],
  ])("%s", async (query, expected) => {
    // Folders have the times of the uploads that made them, so names decide.
    expect((await search(query)).sort()).toEqual([...expected].sort());
  });

  test("an id finds a file, and its old versions where they are asked for", async () => {
    const id = ids.get(notes);
    expect(await search(`id = "${id}"`)).toEqual([notes]);
    expect(await search(`id = "${id}" AND type IN ["file", "file-version"]`)).toEqual([notes, notes]);
    expect(await search('id = "no such id"')).toEqual([]);
  });

  test("sorted by relevance, a whole word comes before the beginning of one", async () => {
    expect(await search('name HAS "red"', "&sort=DESC_RELEVANCE")).toEqual([shoe, woods]);
    expect(await search('name HAS "red"', "&sort=ASC_RELEVANCE")).toEqual([woods, shoe]);
    expect(await search('name HAS "red"', "&sort=DESC_RELEVANCE&limit=1&skip=1")).toEqual([woods]);
  });

  test("another account finds nothing", async () => {
    const url = `/v1/files?searchQuery=${encodeURIComponent('size > 0 OR type = "folder"')}`;
    expect((await app.request("GET", url, { account: "other" })).json()).toEqual([]);
  });
});
