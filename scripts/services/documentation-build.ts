import { buildApp } from "../../packages/server/src/web/build/build-app.ts";
import { documentationPlaces } from "../../packages/server/src/web/documentation/places.ts";
import type { Service } from "./service.ts";

/** The site of the documentation, built once: the tests' servers find it and build nothing themselves. */
export const documentationBuild: Service = {
  name: "a build of the documentation",
  variable: "SLUICE_TEST_DOCUMENTATION",
  requirements: [],
  projects: [],
  async start() {
    const result = await buildApp(documentationPlaces, new AbortController().signal);
    if (result.outcome === "failed") throw new Error(result.problem);
    return { environment: {}, stop: async () => undefined };
  },
};
