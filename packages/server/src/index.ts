export { createSluice, type SluiceOptions } from "./app/app.ts";
export type { Sluice } from "./app/sluice.ts";
export { ConfigError } from "./config/config-error.ts";
