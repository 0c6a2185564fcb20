import { SluiceError } from "@sluice/protocol";
import type { DeliverySwitchesObject } from "@sluice/protocol/schemas";
import type { Database } from "../database/database.ts";
import { findAccount } from "../database/repositories/accounts.ts";
import { invalidParameter, unknownParameter } from "../text/parameter.ts";
import { setAccount } from "./account-transactions.ts";
import type { Principal } from "./authenticate.ts";
import {
  type DeliverySwitches,
  defaultSwitches,
  deliverySwitches,
  readSwitches,
  type SwitchChanges,
} from "./delivery-switches.ts";

export interface SwitchDeps {
  readonly database: Pick<Database, "reader" | "run">;
}

/** The account's switches, with the values of those that nobody has set. */
export async function getSwitches({ database }: SwitchDeps, accountId: string): Promise<DeliverySwitchesObject> {
  const account = await findAccount(database.reader, { id: accountId });
  return { switches: readSwitches(account?.delivery_switches ?? null), defaults: defaultSwitches };
}

/** @throws SluiceError ACCOUNT_DISABLED */
export async function changeSwitches(
  deps: SwitchDeps,
  { accountId, imagekitId }: Pick<Principal, "accountId" | "imagekitId">,
  delivery: SwitchChanges,
): Promise<DeliverySwitchesObject> {
  const outcome = await deps.database.run(setAccount, { imagekitId, changes: { delivery } });
  if (outcome !== "set") throw new SluiceError("ACCOUNT_DISABLED");
  return getSwitches(deps, accountId);
}

/** @throws SluiceError PARAMETER_INVALID for the first member that is wrong */
export function parseSwitchChanges(body: Readonly<Record<string, unknown>>): SwitchChanges {
  const changes = Object.entries(body).map(([name, value]) => {
    if (!isSwitch(name)) throw unknownParameter(name, Object.keys(deliverySwitches));
    const accepted = value === null ? null : deliverySwitches[name].accept(value);
    if (accepted === undefined) throw invalidParameter(name, acceptedBy(name));
    return [name, accepted];
  });
  return Object.fromEntries(changes) as SwitchChanges;
}

function isSwitch(name: string): name is keyof DeliverySwitches {
  return Object.hasOwn(deliverySwitches, name);
}

function acceptedBy(name: keyof DeliverySwitches) {
  const { standard, values } = deliverySwitches[name];
  const accepted =
    typeof standard === "boolean" ? "true, false" : Array.isArray(standard) ? `an array: ${values}` : values;
  return `It takes ${accepted}.`;
}
