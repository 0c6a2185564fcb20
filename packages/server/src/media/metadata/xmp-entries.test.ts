import { describe, expect, test } from "vitest";
import { xmpEntries } from "./xmp-entries.ts";

const namespaces = {
  dc: "http://purl.org/dc/elements/1.1/",
  exif: "http://ns.adobe.com/exif/1.0/",
  ext: "http://iptc.org/std/Iptc4xmpExt/2008-02-29/",
  photoshop: "http://ns.adobe.com/photoshop/1.0/",
  plus: "http://ns.useplus.org/ldf/xmp/1.0/",
  rdf: "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
  tiff: "http://ns.adobe.com/tiff/1.0/",
  xmp: "http://ns.adobe.com/xap/1.0/",
};

function read(content: string): Record<string, unknown> {
  const declared = Object.entries(namespaces).map(([prefix, uri]) => `xmlns:${prefix}="${uri}"`);
  const document = `<rdf:RDF ${declared.join(" ")}><rdf:Description>${content}</rdf:Description></rdf:RDF>`;
  return Object.fromEntries(xmpEntries(document));
}

const element = (name: string, content: string): string => `<${name}>${content}</${name}>`;
const list = (...items: string[]): string => element("rdf:Bag", items.map((item) => element("rdf:li", item)).join(""));
/** A structure whose fields have their own names as values. `more` holds further fields. */
const structure = (prefix: string, fields: readonly string[], more = ""): string =>
  element("rdf:Description", fields.map((field) => element(`${prefix}:${field}`, field)).join("") + more);

describe("fields of structures are called as the vendor's answers call them", () => {
  const term = ["CvId", "CvTermId", "CvTermName", "CvTermRefinedAbout"];
  const named = structure("ext", ["Name"], element("xmp:Identifier", list("identifier")));
  const vertices = list(structure("ext", ["rbX", "rbY"]));
  const boundary = structure("ext", ["rbShape", "rbUnit", "rbH"], element("ext:rbVertices", vertices));
  const region =
    element("ext:RegionBoundary", boundary) + element("ext:rCtype", list(named)) + element("ext:rRole", list(named));

  test.each([
    ["ext:AboutCvTerm", structure("ext", term), "CvId Id Name RefinedAbout", "AboutCvTerm"],
    ["ext:Genre", structure("ext", term), "CvId CvTermId CvTermName CvTermRefinedAbout", "Genre"],
    [
      "ext:ArtworkOrObject",
      structure("ext", [
        "AOCircaDateCreated",
        "AOCreator",
        "AOCreatorId",
        "AOCurrentCopyrightOwnerId",
        "AOCurrentCopyrightOwnerName",
        "AOCurrentLicensorId",
        "AOCurrentLicensorName",
        "AOSource",
        "AOSourceInvNo",
        "AOSourceInvUrl",
      ]),
      "CircaDateCreated Creator CreatorID CopyrightOwnerID CopyrightOwnerName LicensorID LicensorName Source SourceInventoryNo SourceInvURL",
      "Artwork",
    ],
    [
      "ext:EmbdEncRightsExpr",
      structure("ext", ["EncRightsExpr", "RightsExprEncType", "RightsExprLangId"]),
      " Type LangID",
      "EmbeddedEncodedRightsExpr",
    ],
    [
      "ext:LinkedEncRightsExpr",
      structure("ext", ["LinkedRightsExpr", "RightsExprEncType", "RightsExprLangId"]),
      " Type LangID",
      "LinkedEncodedRightsExpr",
    ],
    [
      "ext:ImageRegion",
      structure("ext", ["Name", "rId", "PersonInImage"], region),
      "Name ID PersonInImage BoundaryShape BoundaryUnit BoundaryH BoundaryVerticesX BoundaryVerticesY CtypeName CtypeIdentifier RoleName RoleIdentifier",
      "ImageRegion",
    ],
    ["ext:LocationShown", structure("ext", ["City", "LocationId"]), "City LocationId", "LocationShown"],
    [
      "ext:PersonInImageWDetails",
      structure("ext", ["PersonName", "PersonId"], element("ext:PersonCharacteristic", list(structure("ext", term)))),
      "Name Id CvTermCvId CvTermId CvTermName CvTermRefinedAbout",
      "PersonInImage",
    ],
    [
      "ext:ProductInImage",
      structure("ext", ["ProductName", "ProductGTIN", "ProductDescription"]),
      "Name GTIN Description",
      "ProductInImage",
    ],
    [
      "ext:RegistryId",
      structure("ext", ["RegItemId", "RegOrgId", "RegEntryRole"]),
      "ItemID OrganisationID EntryRole",
      "Registry",
    ],
    ["plus:CopyrightOwner", structure("plus", ["CopyrightOwnerID", "CopyrightOwnerName"]), "ID Name", "CopyrightOwner"],
    ["plus:ImageCreator", structure("plus", ["ImageCreatorID", "ImageCreatorName"]), "ID Name", "ImageCreator"],
    ["plus:ImageSupplier", structure("plus", ["ImageSupplierID", "ImageSupplierName"]), "ID Name", "ImageSupplier"],
    [
      "plus:Licensor",
      structure("plus", ["LicensorID", "LicensorName", "LicensorURL", "LicensorTelephone1"]),
      "ID Name URL Telephone1",
      "Licensor",
    ],
  ])("%s", (property, content, expected, name) => {
    const names = expected.split(" ").map((field) => name + field);
    expect(Object.keys(read(element(property, list(content))))).toEqual(names);
  });

  test("and properties as well", () => {
    const content = element("ext:AddlModelInfo", "tall") + element("ext:DigImageGUID", "x");
    expect(read(content)).toEqual({ AdditionalModelInformation: "tall", DigitalImageGUID: "x" });
  });

  test("names that objects have are names like others", () => {
    const fields = ["constructor", "toString", "valueOf"];
    const content = ["ext:ArtworkOrObject", "ext:LocationShown"].map((name) => element(name, structure("ext", fields)));
    expect(read(content.join(""))).toMatchObject({
      ArtworkConstructor: "constructor",
      LocationShownValueOf: "valueOf",
    });
  });
});

test("of one name in several namespaces the first one's value is taken", () => {
  expect(read(element("dc:source", "dpa") + element("photoshop:Source", "APA"))).toEqual({ Source: "dpa" });
  const places = ["ext:LocationCreated", "ext:LocationShown"].map((name) => element(name, structure("ext", ["City"])));
  expect(read(places.join(""))).toEqual({ LocationCreatedCity: "City", LocationShownCity: "City" });
});

describe("dates", () => {
  test("are those of properties that are dates", () => {
    const artwork = element("rdf:Description", element("ext:AODateCreated", "1919-10-16T19:01"));
    const content =
      element("dc:date", list("2024-05-01")) +
      element("photoshop:DateCreated", "2024-05-01T10:00:00+02:00") +
      element("ext:IPTCLastEdited", "2019-10-16T17:01:03+02:00") +
      element("exif:DateTimeOriginal", "2024-05-01T10:00:00.25") +
      element("xmp:ModifyDate", "soon") +
      element("ext:ArtworkOrObject", list(artwork));
    expect(read(content)).toEqual({
      Date: "2024-05-01T00:00:00.000Z",
      DateCreated: "2024-05-01T08:00:00.000Z",
      IPTCLastEdited: "2019-10-16T15:01:03.000Z",
      DateTimeOriginal: "2024-05-01T10:00:00.250Z",
      ModifyDate: "soon",
      ArtworkDateCreated: "1919-10-16T19:01:00.000Z",
    });
  });

  test("are no texts that look like some", () => {
    const content = element("dc:title", "2024-05-01") + element("dc:subject", list("2024-05-01", "x"));
    expect(read(content)).toEqual({ Title: "2024-05-01", Subject: ["2024-05-01", "x"] });
  });
});

describe("what EXIF says in XMP alone", () => {
  test("is said in EXIF's words", () => {
    const content =
      element("exif:ColorSpace", "65535") +
      element("exif:MeteringMode", "5") +
      element("exif:ExposureProgram", "99") +
      element("tiff:Orientation", "6") +
      element("tiff:ResolutionUnit", "2") +
      element("ext:Orientation", "6");
    expect(read(content)).toEqual({
      ColorSpace: "Uncalibrated",
      MeteringMode: "Pattern",
      ExposureProgram: 99,
      Orientation: "Rotate 90 CW",
      ResolutionUnit: "inches",
    });
    expect(read(element("ext:Orientation", "6"))).toEqual({ Orientation: 6 });
  });

  test.each([
    ["48,12.5S", -48.20833333],
    ["48,12,30N", 48.20833333],
    ["16,15.0W", -16.25],
    ["0,0E", 0],
    ["somewhere", "somewhere"],
    ["48,12.5", "48,12.5"],
    ["999,12.5N", "999,12.5N"],
    ["48,99N", "48,99N"],
    ["-33.865", -33.865],
  ])("has places in degrees: %s", (text, expected) => {
    expect(read(element("exif:GPSLatitude", text))).toEqual({ GPSLatitude: expected });
  });

  test("has EXIF's names, so that it is not said twice", () => {
    const content =
      element("exif:ISOSpeedRatings", list("100")) +
      element("exif:ExposureBiasValue", "1/3") +
      element("exif:FocalLengthIn35mmFilm", "35") +
      element("exif:DateTimeDigitized", "2026-05-01T10:00:00") +
      element("exif:PixelXDimension", "400") +
      element("tiff:DateTime", "2026-05-02T10:00:00");
    expect(read(content)).toEqual({
      ISO: 100,
      ExposureCompensation: 0.33333333,
      FocalLengthIn35mmFormat: 35,
      CreateDate: "2026-05-01T10:00:00.000Z",
      ExifImageWidth: 400,
      ModifyDate: "2026-05-02T10:00:00.000Z",
    });
  });

  test("says nothing of how the file is laid out", () => {
    expect(read(element("tiff:Compression", "1") + element("tiff:BitsPerSample", list("8", "8", "8")))).toEqual({});
  });

  test.each([
    ["1", -120],
    ["0", 120],
  ])("has heights below the sea as negative numbers: %s", (reference, expected) => {
    const content = element("exif:GPSAltitude", "120/1") + element("exif:GPSAltitudeRef", reference);
    expect(read(content)).toMatchObject({ GPSAltitude: expected });
    expect(read(element("exif:GPSAltitude", "120/1"))).toEqual({ GPSAltitude: 120 });
  });

  test("leaves the places of structures as they are written", () => {
    const place = element("ext:LocationShown", element("rdf:Description", element("exif:GPSLatitude", "48,8.82N")));
    expect(read(place)).toEqual({ LocationShownGPSLatitude: "48,8.82N" });
  });
});
