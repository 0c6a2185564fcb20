import type { Config } from "../config/config.ts";
import { consoleAddress, makeConsoleLink, startLinkMs } from "../console/make-link.ts";
import type { Database } from "../database/database.ts";

/** A link that signs in to the console as the server's account; undefined without a console, and where that account is disabled. */
export async function consoleLink(
  database: Database | undefined,
  config: Pick<Config, "console" | "consoleOrigin" | "imagekitId">,
  url: string,
): Promise<string | undefined> {
  if (database === undefined) throw new Error("the data is not open before the server listens");
  if (!config.console) return undefined;
  const { imagekitId } = config;
  return makeConsoleLink(database, consoleAddress(config, url), { imagekitId, role: "full", lifeMs: startLinkMs });
}
