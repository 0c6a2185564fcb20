export type { Checks, Comparison as CheckComparison } from "./checks/checks.ts";
export { ChecksError } from "./checks/checks-error.ts";
export { type ChecksOutcome, evaluateChecks, type Fact, type Facts, notYetKnown } from "./checks/evaluate.ts";
export { type CustomFields, type CustomFieldType, checkFields } from "./checks/fields.ts";
export { parseChecks } from "./checks/parse.ts";
export { printChecks } from "./checks/print.ts";
export type { Operator as CheckOperator } from "./checks/values.ts";
export { type Format, formats } from "./search/formats.ts";
export { hasTypeClause } from "./search/object-types.ts";
export type { SearchOperator } from "./search/operators.ts";
export { optionKey } from "./search/option-key.ts";
export { parseSearchQuery, type SearchQueryOptions } from "./search/parse.ts";
export { printSearchQuery } from "./search/print.ts";
export { searchBounds } from "./search/search-bounds.ts";
export type {
  Box,
  Circle,
  CustomCondition,
  CustomTests,
  ObjectType,
  PlainCondition,
  SearchCondition,
  SearchField,
  SearchJunction,
  SearchQuery,
  SearchTests,
  Span,
} from "./search/search-query.ts";
export { SearchQueryError } from "./search/search-query-error.ts";
export { searchWords } from "./search/words.ts";
export { excerpt } from "./text/excerpt.ts";
export { toNfc } from "./text/nfc.ts";
export { percentDecode } from "./text/percent.ts";
export { storedFileName, storedFolderName } from "./text/stored-name.ts";
export { canonicalText, canonicalTransformation } from "./transformation/canonical.ts";
export type { CheckOptions } from "./transformation/check-steps.ts";
export { type Comparison, type Condition, conditionHolds, type Property } from "./transformation/condition.ts";
export { type Demand, findDemands, refuseBeyond } from "./transformation/demands.ts";
export { everyStep } from "./transformation/every-step.ts";
export { type Expression, evaluateExpression, type Variable, variableGroups } from "./transformation/expression.ts";
export { type LayerFiles, layerFilesIn } from "./transformation/layer-files.ts";
export { expandNames, namesIn, onlyNames } from "./transformation/named.ts";
export type { LayerKind, Medium, ParameterRecord, Tier } from "./transformation/parameters/parameter-record.ts";
export type {
  EffectKey,
  ParameterKey,
  ParameterValues,
  PlacementKey,
  PlacementValues,
} from "./transformation/parameters/parameter-values.ts";
export { layerParameters, parameterGroups, transformationParameters } from "./transformation/parameters/parameters.ts";
export { parseTransformation } from "./transformation/parse.ts";
export { printTransformation } from "./transformation/print.ts";
export { settleParameters, settlePlacement, type VariableValues } from "./transformation/settle.ts";
export { holdsExpression } from "./transformation/shape.ts";
export type { TransformationForm, WrittenTransformation } from "./transformation/tokenise.ts";
export type {
  ConditionalStep,
  Layer,
  ParameterStep,
  Parameters,
  Step,
  Transformation,
} from "./transformation/transformation.ts";
export { transformationBounds } from "./transformation/transformation-bounds.ts";
export {
  TransformationError,
  type TransformationProblem,
  transformationProblems,
} from "./transformation/transformation-error.ts";
export type { Background } from "./transformation/values/background.ts";
export type { Color } from "./transformation/values/color.ts";
export type { Distortion, Point } from "./transformation/values/distortion.ts";
export { detectableObjects, type Focus, type Position } from "./transformation/values/focus.ts";
export type { Border, Corner, Flip, Radius, Rotation, Trim } from "./transformation/values/frame.ts";
export type { Numeric } from "./transformation/values/numeric.ts";
export type { Page } from "./transformation/values/page.ts";
export { isFontFile } from "./transformation/values/path.ts";
export { parameterRanges } from "./transformation/values/ranges.ts";
export type { DropShadow } from "./transformation/values/shadows.ts";
export type { AspectRatio, Dimension, Offset } from "./transformation/values/size.ts";
