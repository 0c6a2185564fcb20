import type { Services } from "../../../services.ts";

/** What the routes of custom metadata fields need. */
export type FieldServices = Pick<Services, "database" | "keyPairs" | "now">;
