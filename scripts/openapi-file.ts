import { openApiDocument } from "../packages/server/src/http/openapi/document.ts";

/** Generates docs/openapi.json: a change of the API shows in its diff, and the acceptance tests compare answers with it. */
export function openApiFile(): string {
  return `${JSON.stringify(openApiDocument(), null, 1)}\n`;
}
