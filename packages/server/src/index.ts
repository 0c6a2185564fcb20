export { createSluice, type Sluice, type SluiceOptions } from "./app.ts";
export { ConfigError } from "./config/config-error.ts";
