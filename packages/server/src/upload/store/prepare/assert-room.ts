import type { UploadNeeds } from "../../needs.ts";
import { refuseMedia } from "./refuse-media.ts";

/**
 * Whether an image can be made of the file, as far as that can be told before it has come: a token is burnt only then.
 * @param transformation the upload's, as its token claims it
 * @throws SluiceError SERVER_BUSY
 */
export function assertRoomToPrepare(images: Pick<UploadNeeds["images"], "assertRoom">, transformation: unknown): void {
  // Whatever else it says: what can't be read is refused later, and isn't worth reading twice.
  if (typeof transformation !== "string" || !transformation.includes('"pre"')) return;
  try {
    images.assertRoom();
  } catch (error) {
    refuseMedia(error);
  }
}
