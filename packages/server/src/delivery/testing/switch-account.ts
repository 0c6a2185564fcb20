import { addSwitches, type DeliverySwitches } from "../../accounts/delivery-switches.ts";
import { updateAccount } from "../../database/repositories/accounts.ts";
import type { DeliverySuite } from "./delivery-suite.ts";

/** Runs `test` while the account has these delivery switches. */
export async function withSwitches(
  { library, accountId }: Pick<DeliverySuite, "library" | "accountId">,
  switches: Partial<DeliverySwitches>,
  test: () => Promise<void>,
): Promise<void> {
  await updateAccount(library.writer, accountId, { delivery_switches: addSwitches(null, switches) });
  try {
    await test();
  } finally {
    await updateAccount(library.writer, accountId, { delivery_switches: null });
  }
}
