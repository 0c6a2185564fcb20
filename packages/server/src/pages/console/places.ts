import { fileURLToPath } from "node:url";

/** The folders in which the console's app may be. Undefined ones don't exist here. */
export interface ConsolePlaces {
  /** The workspace of a checkout in which the app's sources are. */
  readonly workspace?: string;
  /** The app as it was built for this package. */
  readonly packaged?: string;
  /** The folder of apps that servers of a checkout have built. */
  readonly cache?: string;
}

const path = (relative: string) => fileURLToPath(new URL(relative, import.meta.url));

/** In the published package the app is beside this file. A checkout has its sources, and maybe a build of them. */
export const consolePlaces: ConsolePlaces = import.meta.url.endsWith(".ts")
  ? { workspace: path("../../../../console/"), cache: path("../../../../../node_modules/.cache/sluice-console/") }
  : { packaged: path("./app/") };
