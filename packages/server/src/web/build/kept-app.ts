import { stat } from "node:fs/promises";
import { join } from "node:path";
import { type AppBuild, findBuild } from "./find-build.ts";
import type { AppPlaces } from "./places.ts";

interface Kept<App> {
  readonly folder: string;
  readonly changedAt: number;
  readonly app: App;
}

export type MissingApp = Exclude<AppBuild, { readonly state: "built" }>;

/** To find out whether the sources are built takes reading all of them. It is not done again for so long. */
const missingMs = 2000;

/** The app as it is now. It is read when somebody asks for it, and again once its folder has another page. */
export class KeptApp<App> {
  readonly #places: AppPlaces;
  readonly #load: (folder: string) => Promise<App>;
  readonly #now: () => number;
  #kept: Kept<App> | undefined;
  #missing: { readonly build: MissingApp; readonly until: number } | undefined;
  #looking: Promise<App | MissingApp> | undefined;

  constructor(places: AppPlaces, load: (folder: string) => Promise<App>, now: () => number = () => performance.now()) {
    this.#places = places;
    this.#load = load;
    this.#now = now;
  }

  /** Everybody who asks meanwhile shares the look. */
  current(): Promise<App | MissingApp> {
    this.#looking ??= this.#look().finally(() => {
      this.#looking = undefined;
    });
    return this.#looking;
  }

  async #look(): Promise<App | MissingApp> {
    const kept = this.#kept;
    if (kept !== undefined && (await changeOf(kept.folder)) === kept.changedAt) return kept.app;
    if (this.#missing !== undefined && this.#now() < this.#missing.until) return this.#missing.build;
    const build = await findBuild(this.#places);
    this.#missing = build.state === "built" ? undefined : { build, until: this.#now() + missingMs };
    if (build.state !== "built") return build;
    const changedAt = await changeOf(build.folder);
    const app = await this.#load(build.folder);
    this.#kept = { folder: build.folder, changedAt, app };
    return app;
  }
}

/** The time at which the page was written; 0 if there is none. */
function changeOf(folder: string): Promise<number> {
  return stat(join(folder, "index.html")).then(
    ({ mtimeMs }) => mtimeMs,
    () => 0,
  );
}
