import { readFileSync, writeFileSync } from "node:fs";
import { withCheckFields } from "./checks-page.ts";
import { withSwitches } from "./delivery-page.ts";
import { errorsPage, limitsPage, withSettings } from "./generated-docs.ts";
import { openApiFile } from "./openapi-file.ts";
import { withDeviations } from "./reference/deviations-table.ts";
import { withFloors } from "./structure/page.ts";
import { transformationsPage } from "./transformations-page.ts";
import { unsupportedTransformationsPage } from "./unsupported-transformations-page.ts";
import { withEventTypes } from "./webhooks-page.ts";

// Writes the parts of the documentation that are generated from the code's records.

writeFileSync("docs/errors.md", errorsPage());
writeFileSync("docs/limits.md", limitsPage());
writeFileSync("docs/openapi.json", openApiFile());
writeFileSync("docs/api-reference.md", withDeviations(readFileSync("docs/api-reference.md", "utf8")));
writeFileSync("docs/transformations.md", transformationsPage());
writeFileSync("docs/unsupported-transformations.md", unsupportedTransformationsPage());
writeFileSync("docs/architecture.md", withFloors(readFileSync("docs/architecture.md", "utf8")));
writeFileSync("docs/checks.md", withCheckFields(readFileSync("docs/checks.md", "utf8")));
writeFileSync("docs/delivery.md", withSwitches(readFileSync("docs/delivery.md", "utf8")));
writeFileSync("docs/webhooks.md", withEventTypes(readFileSync("docs/webhooks.md", "utf8")));
writeFileSync("docs/configuration.md", withSettings(readFileSync("docs/configuration.md", "utf8")));
