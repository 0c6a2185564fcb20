import type { createSession } from "./create-session.ts";
import type {
  clearSession,
  expireSession,
  forgetSessions,
  keepSessionAnswer,
  refuseSession,
  removeSession,
} from "./end-transactions.ts";
import type {
  advanceAndRelease,
  advanceSession,
  endLeases,
  releaseLease,
  renewLease,
  takeLease,
  tellLength,
} from "./lease-transactions.ts";

/** The database scripts of resumable uploads. */
export type SessionScripts = {
  readonly createSession: typeof createSession;
  readonly takeLease: typeof takeLease;
  readonly renewLease: typeof renewLease;
  readonly advanceSession: typeof advanceSession;
  readonly advanceAndRelease: typeof advanceAndRelease;
  readonly releaseLease: typeof releaseLease;
  readonly endLeases: typeof endLeases;
  readonly tellLength: typeof tellLength;
  readonly refuseSession: typeof refuseSession;
  readonly removeSession: typeof removeSession;
  readonly expireSession: typeof expireSession;
  readonly forgetSessions: typeof forgetSessions;
  readonly clearSession: typeof clearSession;
  readonly keepSessionAnswer: typeof keepSessionAnswer;
};
