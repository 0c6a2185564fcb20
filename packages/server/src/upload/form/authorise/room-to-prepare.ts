import type { UploadNeeds } from "../../needs.ts";
import { refuseBusy } from "../../refuse-busy.ts";

/**
 * Asserts that the image engine has room to transform the file, as far as that can be told before the file has come. A
 * token is burnt only if there is room.
 * @param transformation the upload's parameter, as far as its token or its form has told it
 * @throws SluiceError SERVER_BUSY
 */
export async function assertRoomToPrepare(
  images: Pick<UploadNeeds["images"], "assertRoom">,
  transformation: unknown,
): Promise<void> {
  // Nothing else is read here. A transformation that can't be parsed is refused later, and isn't worth parsing twice.
  if (typeof transformation !== "string" || !transformation.includes('"pre"')) return;
  await images.assertRoom().catch(refuseBusy);
}
