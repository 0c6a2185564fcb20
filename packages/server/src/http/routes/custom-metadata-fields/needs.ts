import type { Services } from "../../../app/services.ts";

/** What the routes of custom metadata fields need. */
export type FieldServices = Pick<Services, "database" | "keyPairs" | "now">;
