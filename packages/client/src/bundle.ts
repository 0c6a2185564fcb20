export * from "./element.ts";
export * from "./index.ts";
