/*
 * Where the vendor's answers have other names than XMP's. Maps, since a stranger's field may be called like something
 * that every object has.
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

/** Of structures, by the names that those have in the answers: with what their fields begin in XMP alone. */
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

/** Of fields, which no two of the standards' structures call the same. */
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

/** Of what EXIF says as well, and under which name: EXIF's own counts where there are both. */
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

/** @param structure the name that it has in the answer; "" for none */
export function nameInAnswer(structure: string, local: string): string {
  if (structure === "") return properties.get(local) ?? capitalised(local);
  const beginning = beginnings.get(structure) ?? "";
  const field = local.startsWith(beginning) ? local.slice(beginning.length) : local;
  return structure + capitalised(fields.get(local) ?? field);
}

function capitalised(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1);
}
