import { SluiceError } from "@sluice/protocol";
import { NoTurnError } from "../../../concurrency/no-turn-error.ts";

/** @throws SluiceError SERVER_BUSY when the turn did not come in time */
export async function serverBusyWhenLate<Turn>(turn: Promise<Turn>): Promise<Turn> {
  try {
    return await turn;
  } catch (error) {
    throw error instanceof NoTurnError ? new SluiceError("SERVER_BUSY") : error;
  }
}
