/*
 * The names that the vendor's answers have in place of XMP's. They are in maps, since a stranger's field may have the
 * name of a property that every object has.
 */

const properties: ReadonlyMap<string, string> = new Map([
  ["AddlModelInfo", "AdditionalModelInformation"],
  ["ArtworkOrObject", "Artwork"],
  ["CreatorContactInfo", "Creator"],
  ["DigImageGUID", "DigitalImageGUID"],
  ["EmbdEncRightsExpr", "EmbeddedEncodedRightsExpr"],
  ["LinkedEncRightsExpr", "LinkedEncodedRightsExpr"],
  ["PersonInImageWDetails", "PersonInImage"],
  ["RegistryId", "Registry"],
]);

/** The prefix that the names of a structure's fields have only in XMP, by the structure's name in the answers. */
const beginnings: ReadonlyMap<string, string> = new Map([
  ["AboutCvTerm", "CvTerm"],
  ["Artwork", "AO"],
  ["CopyrightOwner", "CopyrightOwner"],
  ["ImageCreator", "ImageCreator"],
  ["ImageRegionBoundary", "rb"],
  ["ImageRegionBoundaryVertices", "rb"],
  ["ImageSupplier", "ImageSupplier"],
  ["Licensor", "Licensor"],
  ["PersonInImage", "Person"],
  ["PersonInImageCvTerm", "CvTerm"],
  ["ProductInImage", "Product"],
]);

/** The names of fields. No two of the standards' structures have a field of the same name. */
const fields: ReadonlyMap<string, string> = new Map([
  ["AOCreatorId", "CreatorID"],
  ["AOCurrentCopyrightOwnerId", "CopyrightOwnerID"],
  ["AOCurrentCopyrightOwnerName", "CopyrightOwnerName"],
  ["AOCurrentLicensorId", "LicensorID"],
  ["AOCurrentLicensorName", "LicensorName"],
  ["AOSourceInvNo", "SourceInventoryNo"],
  ["AOSourceInvUrl", "SourceInvURL"],
  ["CiAdrCity", "City"],
  ["CiAdrCtry", "Country"],
  ["CiAdrExtadr", "Address"],
  ["CiAdrPcode", "PostalCode"],
  ["CiAdrRegion", "Region"],
  ["CiEmailWork", "WorkEmail"],
  ["CiTelWork", "WorkTelephone"],
  ["CiUrlWork", "WorkURL"],
  ["EncRightsExpr", ""],
  ["LinkedRightsExpr", ""],
  ["PersonCharacteristic", "CvTerm"],
  ["RegEntryRole", "EntryRole"],
  ["RegItemId", "ItemID"],
  ["RegOrgId", "OrganisationID"],
  ["RegionBoundary", "Boundary"],
  ["RightsExprEncType", "Type"],
  ["RightsExprLangId", "LangID"],
  ["rCtype", "Ctype"],
  ["rId", "ID"],
  ["rRole", "Role"],
]);

/** The EXIF names of properties that EXIF has as well. EXIF's own value counts if the file has both. */
const inExif: ReadonlyMap<string, string> = new Map([
  ["DateTime", "ModifyDate"],
  ["DateTimeDigitized", "CreateDate"],
  ["ExposureBiasValue", "ExposureCompensation"],
  ["FocalLengthIn35mmFilm", "FocalLengthIn35mmFormat"],
  ["ISOSpeedRatings", "ISO"],
  ["PixelXDimension", "ExifImageWidth"],
  ["PixelYDimension", "ExifImageHeight"],
]);

export function nameInExif(local: string): string | undefined {
  return inExif.get(local);
}

/** @param structure the structure's name in the answer; "" for a property outside of any structure */
export function nameInAnswer(structure: string, local: string): string {
  if (structure === "") return properties.get(local) ?? capitalised(local);
  const beginning = beginnings.get(structure) ?? "";
  const field = local.startsWith(beginning) ? local.slice(beginning.length) : local;
  return structure + capitalised(fields.get(local) ?? field);
}

function capitalised(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1);
}
