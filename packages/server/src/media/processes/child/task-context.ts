import type { Peer } from "../../../ipc/peer.ts";
import type { ParentCalls } from "../child-calls.ts";
import type { AskedPictures } from "./asked-pictures.ts";

export interface TaskContext {
  readonly parent: Peer<ParentCalls>;
  readonly pictures: AskedPictures;
  readonly signal: AbortSignal;
}
