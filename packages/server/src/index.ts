export { createSluice, type Sluice, type SluiceOptions } from "./app/app.ts";
export { ConfigError } from "./config/config-error.ts";
