import { call } from "../api/call.ts";

/** The key under which the fields of custom metadata are kept in this page. */
export const fieldsKey = ["custom metadata fields"] as const;

export async function loadFields(signal: AbortSignal) {
  return (await call("GET /v1/customMetadataFields", {}, signal)).body;
}
