import type { OriginObject } from "@sluice/protocol/schemas";
import type { Origin } from "../../../endpoints/origins/origins.ts";

/** The settings are those that were checked for the origin's type. */
export function originObject({ id, name, type, settings }: Origin): OriginObject {
  return { id, name, type, ...settings } as unknown as OriginObject;
}
