/** The fields sent with the table's picture, which measures 512 by 340 pixels and 4096 bytes. */
export const tableFields = {
  fileName: "red shoe.jpg",
  folder: "/marketing/summer/",
  tags: 'red,shoe,say "hi"',
  isPrivateFile: "true",
  isPublished: "false",
  customCoordinates: "10,10,20,20",
  overwriteFile: "true",
  overwriteTags: "false",
  overwriteAITags: "true",
  overwriteCustomMetadata: "false",
  customMetadata: JSON.stringify({
    title: "A red shoe",
    notes: "line one\nline two",
    rank: 7.5,
    taken: "2026-03-01T11:00:00+01:00",
    approved: true,
    colour: "red",
    level: 3,
    sizes: ["s", 42, true],
  }),
} as const;

export const tableCustomFields = {
  title: { type: "Text" },
  notes: { type: "Textarea" },
  rank: { type: "Number" },
  taken: { type: "Date" },
  approved: { type: "Boolean" },
  colour: { type: "SingleSelect", selectOptions: ["red", "blue"] },
  level: { type: "SingleSelect", selectOptions: [1, 2, 3] },
  sizes: { type: "MultiSelect", selectOptions: ["s", "m", 42, true] },
  absent: { type: "Text" },
} as const;

interface Conditions {
  readonly hold: readonly string[];
  readonly fail: readonly string[];
}

/** Conditions that hold and that fail, by field, as docs/protocol/upload.md §10 and §15.9 define them. */
export const conditions: Readonly<Record<string, Conditions>> = {
  "file.size": {
    hold: [
      "= 4096",
      '= "4096"',
      '= "4kb"',
      "= '4KB'",
      '= "4096b"',
      "<= 4096",
      "< 4097",
      '< "1mb"',
      "> 4095",
      ">= 4096",
    ],
    fail: ["= 4095", "< 4096", "> 4096", '>= "1GB"', '<= "3.9kb"', "> 4e3 AND 'file.size' > 5e3"],
  },
  "file.mime": {
    hold: [
      '= "image/jpeg"',
      "= image/jpeg",
      '= "IMAGE/JPEG"',
      '= "image/jpeg"\n',
      ": image",
      ": 'image/'",
      "NOT = image/png",
    ],
    fail: [
      "= image/png",
      '= "image"',
      ": video",
      "NOT = image/jpeg",
      'IN ["image/png", "image/gif"]',
      "NOT IN [image/jpeg]",
    ],
  },
  "mediaMetadata.width": {
    hold: ["= 512", "= '512'", "<= 512", ">= 512", "< 512.5", "> 511"],
    fail: ["= 340", "< 512", "> 512", ">= 513", "<= 511", "< 0"],
  },
  "mediaMetadata.height": { hold: ["= 340", "<= 340"], fail: ["> 340", "= 512"] },
  "mediaMetadata.duration": { hold: [], fail: ["> 0", "<= 1000000", "= 0"] },
  "mediaMetadata.bitRate": { hold: [], fail: [">= 0"] },
  "mediaMetadata.videoCodec": { hold: ["NOT = hevc", "NOT IN [h264, hevc]"], fail: ["= hevc", ': ""', "IN [h264]"] },
  "mediaMetadata.audioCodec": { hold: ["NOT = aac"], fail: ["= aac"] },
  "request.fileName": {
    hold: ["= red_shoe.jpg", '= "red_shoe.jpg"', ": red", 'IN ["a", "red_shoe.jpg"]', 'NOT = "x"', "NOT IN [x, y]"],
    fail: ['= "red shoe.jpg"', "= Red_shoe.jpg", ": shoe", "NOT = red_shoe.jpg", "IN [red]", "= 5"],
  },
  "request.folder": {
    hold: [
      '= "/marketing/summer"',
      '= "marketing/summer/"',
      ': "marketing/"',
      ": marketing",
      ": '/'",
      ': "/marketing/summer/"',
      'IN ["/a/", "/marketing/summer"]',
      "NOT = marketing",
    ],
    fail: [
      "= marketing",
      ": mark",
      ': "marketing/sum"',
      ': "/marketing/summer/shoes"',
      "IN [marketing]",
      'NOT IN ["/marketing/summer/"]',
      "= '/'",
    ],
  },
  "request.customCoordinates": { hold: ['= "10,10,20,20"', ': "10,"'], fail: ['= "10, 10, 20, 20"', ': "20"'] },
  "request.webhookUrl": { hold: ['NOT = ""', 'NOT IN ["https://example.com"]'], fail: [': "https://"', '= ""'] },
  "request.useUniqueFileName": { hold: ["= true", '= "true"', "NOT = false"], fail: ["= false", "NOT = true"] },
  "request.isPrivateFile": { hold: ["= true"], fail: ["= false"] },
  "request.isPublished": { hold: ["= false"], fail: ["= true"] },
  "request.overwriteFile": { hold: ["= true"], fail: ["NOT = true"] },
  "request.overwriteTags": { hold: ["= false"], fail: ["= true"] },
  "request.overwriteAITags": { hold: ["= true"], fail: ["= false"] },
  "request.overwriteCustomMetadata": { hold: ["NOT = true"], fail: ["= true"] },
  "request.tags": {
    hold: [
      'IN ["red"]',
      "IN [blue, shoe]",
      "HAS [red]",
      "NOT IN [blue]",
      "not has [blue, Red]",
      `IN ["say \\"hi\\""]`,
      `IN ['say "hi"']`,
    ],
    fail: ["IN [blue]", "IN [Red]", "IN [re]", "NOT IN [blue, red]", "NOT HAS [shoe]"],
  },
  "request.customMetadata.title": {
    hold: ['= "A red shoe"', ': "A "', "NOT IN [x]"],
    fail: ["= A", "IN [x]", 'NOT = "A red shoe"'],
  },
  "request.customMetadata.notes": { hold: [': "line one\nline"'], fail: [': "line two"'] },
  "request.customMetadata.rank": {
    hold: ["= 7.5", '= "7.5"', "> 7", "<= 7.5", "IN [1, 7.5]", "NOT = 7"],
    fail: ["> 7.5", "< 7", "NOT IN [7.5]", "IN [7]"],
  },
  "request.customMetadata.taken": {
    hold: [
      '= "2026-03-01T10:00:00"',
      '> "2026-03-01"',
      '< "2026-03-01T10:00:01"',
      '>= "2026-03-01T10:00:00"',
      "NOT = '2026-03-01'",
    ],
    fail: ['= "2026-03-01"', '> "2026-03-01T10:00:00"', '<= "2026-02-28"', 'IN ["2026-03-01T11:00:00"]'],
  },
  "request.customMetadata.approved": { hold: ["= true"], fail: ["NOT = true"] },
  "request.customMetadata.colour": {
    hold: ["= red", ": r", "IN [blue, red]", "> blue"],
    fail: ["= blue", "NOT = red", "> 3"],
  },
  "request.customMetadata.level": {
    hold: ["= 3", '= "3"', ">= 2", "NOT IN [1, 2]"],
    fail: ['NOT = "3"', "< 3", ": 3"],
  },
  "request.customMetadata.sizes": {
    hold: ["IN [s, m]", "IN [42]", "NOT IN [m, false]"],
    fail: ["IN [m]", "NOT IN [true]"],
  },
  "request.customMetadata.absent": { hold: ['NOT = ""', "NOT IN [x]"], fail: ['= ""', ': ""'] },
};

const yes = `"file.size" > 1`;
const no = `"request.isPrivateFile" = false`;

/** Whole expressions: the specification's own, and some that show how AND, OR and parentheses bind. */
export const expressions: Conditions = {
  hold: [
    `'file.mime' IN ['image/jpeg', 'image/png'] AND 'file.size' <= 5242880`,
    `'request.folder' : '/'`,
    `"request.folder" : "marketing/"`,
    `"file.size" < "1mb"\n`,
    `"file.mime" : image`,
    `"file.size" > "10" AND "file.size" < "1MB"`,
    `${yes} OR ${no}`,
    `${no} or ${yes}`,
    `${yes} OR ${no} AND ${no}`,
    `${no} AND ${no} OR ${yes}`,
    `((${yes}))`,
    `(${yes}) AND (${no} OR ${yes})`,
    `\t${yes}\r\nAND\n${yes}  `,
  ],
  fail: [
    `'file.size' <= '400KB' AND 'file.mime' = 'image/webp' AND 'mediaMetadata.width' = 512`,
    `"mediaMetadata.videoCodec" = hevc`,
    `${yes} AND ${no}`,
    `${no} OR ${no}`,
    `(${yes} OR ${no}) AND ${no}`,
    `${no} AND (${no} OR ${yes})`,
    `(${yes} AND (${yes} AND ${no}))`,
  ],
};
