import type { CustomFieldType } from "../checks/fields.ts";
import {
  begins,
  countOrder,
  exists,
  hasWords,
  isBelow,
  isBoolean,
  isCount,
  isInArea,
  isName,
  isNumber,
  isObjectType,
  isOneFormat,
  isOneOfOptions,
  isOneOfTexts,
  isOption,
  isPath,
  isSize,
  isText,
  isTime,
  nameBegins,
  numberOrder,
  type Rules,
  sizeOrder,
  timeOrder,
} from "./rules.ts";
import type { CustomTests, Exists, SearchField, SearchTests } from "./search-query.ts";

/** The fields of a searchQuery with their operators (docs/protocol/media-api.md §4.1), apart from custom metadata. */
export const searchFields = {
  name: { ...isName, ...nameBegins, ...hasWords },
  tags: { ...isOneOfTexts, ...hasWords, ...exists },
  type: isObjectType,
  id: isText,
  path: { ...isPath, ...isBelow },
  createdAt: { ...isTime, ...timeOrder },
  updatedAt: { ...isTime, ...timeOrder },
  width: { ...isCount, ...countOrder },
  height: { ...isCount, ...countOrder },
  size: { ...isSize, ...sizeOrder },
  duration: { ...isNumber, ...numberOrder },
  bitRate: { ...isCount, ...countOrder },
  videoCodec: { ...isText, ...begins },
  audioCodec: { ...isText, ...begins },
  format: isOneFormat,
  private: isBoolean,
  published: isBoolean,
  transparency: isBoolean,
  createdBy: isText,
  "embeddedMetadata.Keywords": { ...isOneOfTexts, ...exists },
  "embeddedMetadata.DateTimeOriginal": { ...isTime, ...timeOrder, ...exists },
  "embeddedMetadata.LocationTaken": { ...isInArea, ...exists },
} as const satisfies { [Field in SearchField]: Rules<SearchTests[Field]> };

/** The operators of custom metadata fields by their types. */
export const customSearchFields = {
  Text: { ...isText, ...begins, ...hasWords, ...exists },
  Textarea: { ...isText, ...begins, ...hasWords, ...exists },
  Number: { ...isNumber, ...numberOrder, ...exists },
  Date: { ...isTime, ...timeOrder, ...exists },
  Boolean: { ...isBoolean, ...exists },
  SingleSelect: { ...isOption, ...begins, ...numberOrder, ...exists },
  MultiSelect: { ...isOneOfOptions, ...exists },
} as const satisfies { [Type in CustomFieldType]: Rules<CustomTests[Type] | Exists> };

export const customMetadataPrefix = "customMetadata.";
