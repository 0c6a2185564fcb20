import { randomUUID } from "node:crypto";
import { imageSettings, readSwitches } from "../../../accounts/delivery-switches.ts";
import type { Party } from "../../../concurrency/fair-line.ts";
import { findAccount } from "../../../database/repositories/accounts.ts";
import type { ImageTransformation } from "../../../media/image/plan/plan.ts";
import type { SpooledFile } from "../../../spool/spool-file.ts";
import type { UploadNeeds } from "../../needs.ts";
import { imageSourceOf } from "../spooled-source.ts";
import { refusePre } from "./refuse-pre.ts";

export interface PreNeeds {
  readonly database: Pick<UploadNeeds["database"], "reader">;
  readonly images: Pick<UploadNeeds["images"], "render">;
}

/**
 * Makes the image that `pre` asks for, as the account's delivery would. Unlike in delivery, the file keeps its format
 * unless `f` says otherwise, because there is no client yet that would accept another format.
 * @returns memory that nobody else uses
 * @throws SluiceError TRANSFORMATION_INVALID, SERVER_BUSY; the signal's reason
 */
export async function makePre(
  { database, images }: PreNeeds,
  party: Party,
  transformation: ImageTransformation,
  spooled: SpooledFile,
  signal: AbortSignal,
): Promise<Buffer> {
  const account = await findAccount(database.reader, { id: party.account });
  const switches = readSwitches(account?.delivery_switches ?? null);
  const settings = { ...imageSettings(switches), bestFormat: false };
  const context = { accepted: { webp: false, avif: false }, settings, hints: {}, area: undefined };
  // The rendering has a key of its own: a result that others share can't be handed to the spool, which releases memory.
  const asked = { source: imageSourceOf(spooled), transformation, context, key: randomUUID(), signal, party };
  const { data } = await images.render(asked).catch(refusePre);
  return data;
}
