import { randomUUID } from "node:crypto";
import type { LayerFiles } from "@sluice/grammar";
import { imageSettings, readSwitches } from "../../../accounts/delivery-switches.ts";
import type { Party } from "../../../concurrency/fair-line.ts";
import { findAccount } from "../../../database/repositories/accounts.ts";
import { findLayers, type LayerVersions } from "../../../delivery/find/find-layers.ts";
import { DeliveryRefusal } from "../../../delivery/refusals/refusal.ts";
import { areaOf } from "../../../delivery/renditions/pictures/recipe.ts";
import { layerSources, renderPicture } from "../../../delivery/renditions/pictures/render-picture.ts";
import { layerFilesOf, layerFontsOf } from "../../../media/image/plan/layer-steps.ts";
import type { WrittenTransformation } from "../../../media/image/plan/read-transformation.ts";
import { MediaError } from "../../../media/media-error.ts";
import type { SpooledFile } from "../../../spool/spool-file.ts";
import type { PrepareDeps } from "../../deps.ts";
import { refuseBusy } from "../../failures.ts";
import { invalidTransformation } from "../../resolve/parameters/transformation.ts";
import { imageSourceOf } from "../inspect.ts";

/**
 * Makes the image that `pre` asks for, as the account's delivery would. Unlike in delivery, the file keeps its format
 * unless `f` says otherwise, because there is no client yet that would accept another format.
 * @returns memory that nobody else uses
 * @throws SluiceError TRANSFORMATION_INVALID, SERVER_BUSY; the signal's reason
 */
export async function makePre(
  deps: PrepareDeps,
  party: Party,
  transformation: WrittenTransformation,
  spooled: SpooledFile,
  signal: AbortSignal,
): Promise<Buffer> {
  const account = await findAccount(deps.database.reader, { id: party.account });
  const switches = readSwitches(account?.delivery_switches ?? null);
  const settings = { ...imageSettings(switches), bestFormat: false };
  const context = { accepted: { webp: false, avif: false }, settings, hints: {}, area: undefined };
  const pictures = new Set(layerFilesOf(transformation.steps).map(({ path }) => path));
  const none = new Set<string>();
  const fonts = new Set(layerFontsOf(transformation.steps));
  const files = { pictures, videos: none, subtitles: none, fonts };
  const versions = await findPreLayers(deps, party.account, files);
  const layers = layerSources(
    deps.blobs,
    [...versions].map(([path, version]) => ({ path, version, area: areaOf(version) })),
  );
  const picture = { source: imageSourceOf(spooled), content: randomUUID() };
  // Without a key it is shared with nobody, so that it can be handed to the spool, which releases memory.
  const { data } = await renderPicture(deps, { picture, layers, transformation, context, party }, signal).catch(
    refusePre,
  );
  return data;
}

/** Private files count as missing in `pre`: not every way to sign an upload covers its transformation. */
const anybody = { signed: false, kind: "explicit", thumbnail: false } as const;

/**
 * Finds the files that layers of `pre` draw.
 * @throws SluiceError TRANSFORMATION_INVALID
 */
export async function findPreLayers(
  { database }: Pick<PrepareDeps, "database">,
  accountId: string,
  files: LayerFiles,
): Promise<LayerVersions> {
  const account = await findAccount(database.reader, { id: accountId });
  const switches = readSwitches(account?.delivery_switches ?? null);
  return findLayers(database.reader, { accountId, switches }, files, anybody).catch(refusePre);
}

/** Turns the image engine's error about `pre` into a refusal of the upload. */
function refusePre(error: unknown): never {
  if (error instanceof DeliveryRefusal) throw invalidTransformation(`pre: ${error.message}.`, error);
  if (error instanceof MediaError && error.code !== "EBUSY") {
    throw invalidTransformation(`pre: ${error.message}.`, error);
  }
  refuseBusy(error);
}
