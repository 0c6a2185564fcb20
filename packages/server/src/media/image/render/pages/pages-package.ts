import { MediaError } from "../../../media-error.ts";

type PagesPackage = Pick<typeof import("@sluice/pages"), "pageThread">;

/**
 * Finds the thread's module of the optional package that draws pages.
 * @throws MediaError EMISSING where the package isn't installed
 */
export async function findPageThread(load: () => Promise<PagesPackage> = () => import("@sluice/pages")): Promise<URL> {
  try {
    return (await load()).pageThread;
  } catch (error) {
    if (!(error instanceof Error) || !("code" in error) || error.code !== "ERR_MODULE_NOT_FOUND") throw error;
    throw new MediaError("EMISSING", "The package @sluice/pages is not installed", { cause: error });
  }
}
