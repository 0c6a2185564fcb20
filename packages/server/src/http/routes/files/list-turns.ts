import { SluiceError } from "@sluice/protocol";
import type { FastifyReply } from "fastify";
import { FairQueue } from "../../../concurrency/fair-queue.ts";
import { NoSlotError } from "../../../concurrency/wait-for-slot.ts";
import { whileConnected } from "../../while-connected.ts";

/** Lists are answered a few at a time. */
const listsAtOnce = { capacity: 4, queueLimit: 256, waitMs: 10_000 } as const;
/** A list that takes longer than this ends. */
const maxListMs = 10_000;

/** Runs a list when its account is next. It ends with its client, or when it takes too long. */
export type RunList = <T>(
  reply: FastifyReply,
  accountId: string,
  list: (signal: AbortSignal) => Promise<T>,
) => Promise<T>;

/** Accounts are served in turn, so that one account's lists don't hold up those of others. */
export function listTurns(): RunList {
  const queue = new FairQueue(listsAtOnce);
  return (reply, accountId, list) =>
    whileConnected(reply, async (gone) => {
      const signal = AbortSignal.any([gone, AbortSignal.timeout(maxListMs)]);
      try {
        return await queue.run(list, signal, { account: accountId, client: "" });
      } catch (error) {
        throw refusalOf(error, gone);
      }
    });
}

/** A list also ends with its client, who hears nothing of it. */
function refusalOf(error: unknown, client: AbortSignal): unknown {
  if (error instanceof NoSlotError) return new SluiceError("SERVER_BUSY", {}, { cause: error });
  const isLate = error instanceof DOMException && error.name === "TimeoutError" && !client.aborted;
  return isLate ? new SluiceError("SEARCH_TOO_SLOW", {}, { cause: error }) : error;
}
