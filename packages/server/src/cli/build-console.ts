import type { Logger } from "pino";
import type { Config } from "../config/config.ts";
import { buildConsole } from "../pages/console/build-app.ts";
import { consolePlaces } from "../pages/console/places.ts";
import type { CommandContext } from "./context.ts";

export interface ConsoleBuilding {
  /** Gives the build up if it is still under way. */
  stop(): Promise<void>;
}

/** The scripts of the checkout's `package.json` that run the server for people. Tests start it in other ways. */
const scripts: ReadonlySet<string | undefined> = new Set(["start", "sluice"]);

/**
 * Builds the console of a checkout in the background where nobody has built it. The server is ready meanwhile, and
 * `/console` says what is going on.
 */
export function startConsoleBuild(
  config: Pick<Config, "console">,
  { environment, terminal }: Pick<CommandContext, "environment" | "terminal">,
  logger: Pick<Logger, "error" | "info" | "warn">,
): ConsoleBuilding {
  const giveUp = new AbortController();
  // npm says which script it runs.
  const isAsked = config.console && scripts.has(environment.npm_lifecycle_event);
  const building = isAsked ? build().catch(report) : Promise.resolve();

  async function build(): Promise<void> {
    const result = await buildConsole(consolePlaces, giveUp.signal, () => logger.info("building the console"));
    if (result.outcome === "built") logger.info("the console is built");
    if (result.outcome === "failed") {
      logger.warn({ problem: result.problem }, "the console could not be built; /console shows why");
    }
    if (result.outcome === "no dev dependencies") {
      terminal.printError("warning: the console is not built: npm ci, without --omit=dev, installs what builds it");
    }
  }

  function report(error: unknown): void {
    if (!giveUp.signal.aborted) logger.error({ err: error }, "the console could not be built");
  }

  return {
    async stop() {
      giveUp.abort();
      await building;
    },
  };
}
