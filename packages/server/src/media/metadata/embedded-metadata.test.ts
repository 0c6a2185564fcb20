import sharp from "sharp";
import { describe, expect, test } from "vitest";
import { BytesByteSource } from "../byte-source.ts";
import { probeImage } from "../inspect/probe-image.ts";
import { readHeader } from "../testing/read-header.ts";
import { embeddedMetadata, maxEmbeddedBytes } from "./embedded-metadata.ts";
import { withIptc, withSegment } from "./testing/segments.ts";

const picture = () => sharp({ create: { width: 60, height: 40, channels: 3, background: "#c33" } });

async function read(bytes: Buffer, mime = "image/jpeg"): Promise<Record<string, unknown> | undefined> {
  const probed = await probeImage(new BytesByteSource([bytes], bytes.length, undefined), mime, readHeader);
  const json = probed && (await embeddedMetadata(probed.blocks));
  return json === undefined ? undefined : JSON.parse(json);
}

const exif = {
  IFD0: { ImageDescription: "A beetle", Artist: "A. Photographer", Copyright: "2026", XResolution: "72/1" },
  IFD2: {
    DateTimeOriginal: "2019:10:16 19:01:03",
    OffsetTimeOriginal: "+02:00",
    SubSecTimeOriginal: "5",
    ColorSpace: "65535",
    FNumber: "71/10",
    Flash: "9",
  },
  IFD3: {
    GPSLatitudeRef: "S",
    GPSLatitude: "48/1 30/1 36/1",
    GPSLongitudeRef: "E",
    GPSLongitude: "16/1 15/1 0/1",
    GPSAltitudeRef: "0",
    GPSAltitude: "180/1",
  },
};

describe("EXIF", () => {
  test.each(["jpeg", "png", "webp", "avif"] as const)("of a %s, for people to read", async (format) => {
    const bytes = await picture().withExif(exif).toFormat(format).toBuffer();
    expect(await read(bytes, `image/${format}`)).toMatchObject({
      ImageDescription: "A beetle",
      Artist: "A. Photographer",
      Copyright: "2026",
      DateTimeOriginal: "2019-10-16T17:01:03.500Z",
      OffsetTimeOriginal: "+02:00",
      ColorSpace: "Uncalibrated",
      FNumber: 7.1,
      Flash: "Flash fired, compulsory flash mode",
      GPSLatitude: -48.51,
      GPSLongitude: 16.25,
      GPSAltitude: 180,
    });
  });

  test("of a TIFF says nothing of how the file is laid out", async () => {
    const bytes = await picture().withMetadata({ density: 300, orientation: 3 }).tiff().toBuffer();
    const members = await read(bytes, "image/tiff");
    expect(Object.keys(members ?? {}).sort()).toEqual(["Orientation", "ResolutionUnit", "XResolution", "YResolution"]);
    expect(members).toMatchObject({ Orientation: "Rotate 180", XResolution: 300, ResolutionUnit: "inches" });
  });

  test("a picture without any says nothing", async () => {
    expect(await read(await picture().jpeg().toBuffer())).toBeUndefined();
    expect(await read(await picture().gif().toBuffer(), "image/gif")).toBeUndefined();
  });
});

const xmp = `<?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xmp="http://ns.adobe.com/xap/1.0/"
  xmlns:Iptc4xmpCore="http://iptc.org/std/Iptc4xmpCore/1.0/xmlns/" xmlns:ext="http://iptc.org/std/Iptc4xmpExt/2008-02-29/"
  xmlns:crs="http://ns.adobe.com/camera-raw-settings/1.0/" xmlns:exif="http://ns.adobe.com/exif/1.0/"
  xmp:Rating="4" xmp:CreateDate="2019-10-16T19:01:03+02:00" crs:Exposure="+1" exif:FocalLength="135/10">
  <dc:title><rdf:Alt><rdf:li xml:lang="de">Titel</rdf:li><rdf:li xml:lang="x-default">The Title</rdf:li></rdf:Alt></dc:title>
  <dc:subject><rdf:Bag><rdf:li>one</rdf:li></rdf:Bag></dc:subject>
  <dc:creator><rdf:Seq><rdf:li>1984</rdf:li></rdf:Seq></dc:creator>
  <Iptc4xmpCore:CreatorContactInfo rdf:parseType="Resource">
    <Iptc4xmpCore:CiAdrCity>Wien</Iptc4xmpCore:CiAdrCity>
  </Iptc4xmpCore:CreatorContactInfo>
  <ext:LocationShown><rdf:Bag>
    <rdf:li rdf:parseType="Resource"><ext:City>A &amp; B</ext:City></rdf:li>
    <rdf:li><rdf:Description ext:City="C" ext:CountryCode="AT"/></rdf:li>
  </rdf:Bag></ext:LocationShown>
  <ext:ModelAge><rdf:Bag><rdf:li>25</rdf:li><rdf:li>27</rdf:li></rdf:Bag></ext:ModelAge>
</rdf:Description></rdf:RDF></x:xmpmeta>`;

describe("XMP", () => {
  test.each(["jpeg", "png", "webp", "tiff", "avif"] as const)(
    "of a %s, structures joined into names",
    async (format) => {
      const bytes = await picture().withXmp(xmp).toFormat(format).toBuffer();
      expect(await read(bytes, `image/${format}`)).toMatchObject({
        Title: "The Title",
        Subject: ["one"],
        Creator: "1984",
        Rating: 4,
        CreateDate: "2019-10-16T17:01:03.000Z",
        FocalLength: 13.5,
        CreatorCity: "Wien",
        LocationShownCity: ["A & B", "C"],
        LocationShownCountryCode: "AT",
        ModelAge: [25, 27],
      });
    },
  );

  test("settings of programs are left out", async () => {
    const members = await read(await picture().withXmp(xmp).jpeg().toBuffer());
    expect(members).not.toHaveProperty("Exposure");
    expect(members).not.toHaveProperty("About");
  });

  test("what is broken off counts as far as it is whole", async () => {
    const broken = xmp.slice(0, xmp.indexOf("<ext:City>"));
    const bytes = withSegment(await picture().jpeg().toBuffer(), 0xe1, `http://ns.adobe.com/xap/1.0/\0${broken}`);
    expect(await read(bytes)).toMatchObject({ Title: "The Title", Subject: ["one"] });
  });

  test("names that objects have are names like others", async () => {
    const names = ["__proto__", "constructor", "toString"];
    const properties = names.map((name) => `<p:${name}>x</p:${name}>`).join("");
    const document = `<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description xmlns:p="p">${properties}</rdf:Description></rdf:RDF>`;
    const bytes = withSegment(await picture().jpeg().toBuffer(), 0xe1, `http://ns.adobe.com/xap/1.0/\0${document}`);
    expect(await read(bytes)).toEqual({ Constructor: "x", ToString: "x" });
    expect({}).not.toHaveProperty("x");
  });
});

describe("IPTC", () => {
  test("under the names of its datasets, keywords always as a list", async () => {
    const bytes = withIptc(await picture().jpeg().toBuffer(), [
      [1, 90, Buffer.from("\x1b%G")],
      [2, 0, Buffer.from([0, 4])],
      [2, 5, Buffer.from("Ein Käfer")],
      [2, 25, Buffer.from("beetle")],
      [2, 55, Buffer.from("20191016")],
      [2, 60, Buffer.from("190103+0000")],
      [2, 101, Buffer.from("Österreich")],
    ]);
    expect(await read(bytes)).toEqual({
      ApplicationRecordVersion: 4,
      ObjectName: "Ein Käfer",
      Keywords: ["beetle"],
      DateCreated: "2019-10-16T00:00:00.000Z",
      TimeCreated: "19:01:03+00:00",
      CountryPrimaryLocationName: "Österreich",
    });
  });

  test("in Latin-1 where it is no UTF-8", async () => {
    const bytes = withIptc(await picture().jpeg().toBuffer(), [[2, 90, Buffer.from("K\xf6ln", "latin1")]]);
    expect(await read(bytes)).toEqual({ City: "Köln" });
  });
});

test("of a property that several have, EXIF's counts, then IPTC's", async () => {
  const description = `<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description xmlns:p="p" p:City="x" p:Artist="x" p:More="x"/></rdf:RDF>`;
  const plain = await picture().withExif(exif).withXmp(description).jpeg().toBuffer();
  const bytes = withIptc(plain, [[2, 90, Buffer.from("Wien")]]);
  expect(await read(bytes)).toMatchObject({ Artist: "A. Photographer", City: "Wien", More: "x" });
});

test("a text is cut between two characters", async () => {
  const title = `${"x".repeat(3999)}😀`;
  const bytes = withIptc(await picture().jpeg().toBuffer(), [
    [1, 90, Buffer.from("\x1b%G")],
    [2, 120, Buffer.from(title)],
  ]);
  expect(await read(bytes)).toEqual({ CaptionAbstract: "x".repeat(3999) });
});

test("what is stored is bounded, and nothing in it is what a database can't hold", async () => {
  const long = "x".repeat(60_000);
  const datasets = Array.from({ length: 300 }, (_, index) => [2, 25, Buffer.from(`${index}\0\x07\ud800`)] as const);
  const bytes = withIptc(
    await picture()
      .withExif({ IFD0: { Artist: long } })
      .jpeg()
      .toBuffer(),
    [...datasets, [2, 120, Buffer.from("y".repeat(30_000))]],
  );
  const probed = await probeImage(new BytesByteSource([bytes], bytes.length, undefined), "image/jpeg", readHeader);
  const json = (probed && (await embeddedMetadata(probed.blocks))) ?? "";
  expect(Buffer.byteLength(json)).toBeLessThanOrEqual(maxEmbeddedBytes);
  expect(json).not.toMatch(/\\u00|\\ud[89a-f]/i);
  const members = JSON.parse(json);
  expect(members.Keywords).toHaveLength(100);
  expect(members.CaptionAbstract).toHaveLength(4000);
  expect(members.Artist).toHaveLength(4000);
});
