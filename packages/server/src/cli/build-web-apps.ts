import type { Logger } from "pino";
import type { Config } from "../config/config.ts";
import { buildApp } from "../web/build/build-app.ts";
import type { AppPlaces } from "../web/build/places.ts";
import { consolePlaces } from "../web/console/places.ts";
import { documentationPlaces } from "../web/documentation/places.ts";
import type { CommandContext } from "./context.ts";

export interface WebAppBuilds {
  /** Gives the builds up if they are still under way. */
  stop(): Promise<void>;
}

/** The scripts of the checkout's `package.json` that run the server for people. Tests start it in other ways. */
const scripts: ReadonlySet<string | undefined> = new Set(["start", "sluice"]);

/**
 * Builds the console and the documentation of a checkout in the background where nobody has built them. The server is
 * ready meanwhile, and `/console` and `/docs/` say what is going on.
 */
export function startWebAppBuilds(
  config: Pick<Config, "console">,
  { environment, terminal }: Pick<CommandContext, "environment" | "terminal">,
  logger: Pick<Logger, "error" | "info" | "warn">,
): WebAppBuilds {
  const giveUp = new AbortController();
  // npm says which script it runs.
  const isAsked = scripts.has(environment.npm_lifecycle_event);
  const building = isAsked ? buildAll() : Promise.resolve();

  /** One after the other: the server is in use meanwhile. The documentation takes a second. */
  async function buildAll(): Promise<void> {
    await build("documentation", "/docs/", documentationPlaces);
    if (config.console) await build("console", "/console", consolePlaces);
  }

  async function build(name: string, path: string, places: AppPlaces): Promise<void> {
    try {
      const result = await buildApp(places, giveUp.signal, () => logger.info(`building the ${name}`));
      if (result.outcome === "built") logger.info(`the ${name} is built`);
      if (result.outcome === "failed") {
        logger.warn({ problem: result.problem }, `the ${name} could not be built; ${path} shows why`);
      }
      if (result.outcome === "no dev dependencies") {
        terminal.printError(`warning: the ${name} is not built: npm ci, without --omit=dev, installs what builds it`);
      }
    } catch (error) {
      if (!giveUp.signal.aborted) logger.error({ err: error }, `the ${name} could not be built`);
    }
  }

  return {
    async stop() {
      giveUp.abort();
      await building;
    },
  };
}
