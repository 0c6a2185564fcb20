import { buildApp } from "../../packages/server/src/web/build/build-app.ts";
import { consolePlaces } from "../../packages/server/src/web/console/places.ts";
import type { Service } from "./service.ts";

/** The app of the web console, built once: the tests' servers find it and build nothing themselves. */
export const consoleBuild: Service = {
  name: "a build of the web console",
  variable: "SLUICE_TEST_CONSOLE",
  requirements: [],
  projects: [],
  async start() {
    const result = await buildApp(consolePlaces, new AbortController().signal);
    if (result.outcome === "failed") throw new Error(result.problem);
    return { environment: {}, stop: async () => undefined };
  },
};
