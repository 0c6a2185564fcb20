import { randomUUID } from "node:crypto";
import { imageSettings, readSwitches } from "../../../accounts/delivery-switches.ts";
import type { Party } from "../../../concurrency/fair-line.ts";
import { findAccount } from "../../../database/repositories/accounts.ts";
import type { ImageTransformation } from "../../../media/image/plan/plan.ts";
import type { SpooledFile } from "../../../spool/spool-file.ts";
import type { UploadNeeds } from "../../needs.ts";
import { imageSourceOf } from "../spooled-source.ts";
import { refuseMedia } from "./refuse-media.ts";

export interface PreNeeds {
  readonly database: Pick<UploadNeeds["database"], "reader">;
  readonly images: Pick<UploadNeeds["images"], "render">;
}

/**
 * Makes of an image what `pre` asks for, as the account's delivery would, but that the file keeps its format unless `f`
 * says otherwise: nobody is there yet who would take another.
 * @returns memory that is nobody else's
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
  // Under a key of its own: what others share can't be handed to the spool, which releases its memory.
  const asked = { source: imageSourceOf(spooled), transformation, context, key: randomUUID(), signal, party };
  const { data } = await images.render(asked).catch(refuseMedia);
  return data;
}
