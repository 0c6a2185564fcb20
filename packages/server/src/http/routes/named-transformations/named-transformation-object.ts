import type { NamedTransformationObject } from "@sluice/protocol/schemas";
import type { NamedTransformation } from "../../../library/named-transformations/named-transformations.ts";

export function namedTransformationObject({ createdAt, ...rest }: NamedTransformation): NamedTransformationObject {
  return { ...rest, createdAt: new Date(createdAt).toISOString() };
}
