import { DeliverySwitchesChange, DeliverySwitchesObject } from "../schemas/delivery-switches.ts";
import { managing } from "./access.ts";
import type { Operation } from "./operation.ts";

export const deliverySwitches = {
  getDeliverySwitches: {
    id: "get-delivery-switches",
    method: "GET",
    path: "/_sluice/delivery-switches",
    tag: "Accounts",
    summary: "Get how the account delivers its files",
    access: managing,
    answers: { 200: DeliverySwitchesObject },
    errors: [],
  },
  changeDeliverySwitches: {
    id: "change-delivery-switches",
    method: "PATCH",
    path: "/_sluice/delivery-switches",
    tag: "Accounts",
    summary: "Change how the account delivers its files",
    description:
      "A change applies to every request that begins after it, on every node. Caches in front of the server go on with " +
      "what they have for as long as its headers said.",
    access: managing,
    body: DeliverySwitchesChange,
    answers: { 200: DeliverySwitchesObject },
    errors: ["PARAMETER_INVALID"],
  },
} as const satisfies Readonly<Record<string, Operation>>;
