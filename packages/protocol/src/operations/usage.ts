import { AccountUsage, DailyUsage, UsageAnalytics, UsageQuery } from "../schemas/usage.ts";
import { reading } from "./access.ts";
import type { Operation } from "./operation.ts";

const refusedDates = [
  "PARAMETER_INVALID",
  "USAGE_DATES_MISSING",
  "USAGE_DATES_INVALID",
  "USAGE_DATES_REVERSED",
  "USAGE_DATES_TOO_FAR_APART",
] as const;

export const usage = {
  getUsage: {
    id: "get-usage",
    method: "GET",
    path: "/v1/accounts/usage",
    tag: "Accounts",
    summary: "Get the account's usage",
    description:
      "The days from `startDate` up to `endDate`, without it. What other processes of the server have delivered in the " +
      "last five seconds may be missing.",
    sdk: "accounts.usage.get",
    access: reading,
    query: UsageQuery,
    compressed: true,
    answers: { 200: AccountUsage },
    errors: refusedDates,
  },
  getUsageAnalytics: {
    id: "get-usage-analytics",
    method: "GET",
    path: "/v1/accounts/usage-analytics",
    tag: "Accounts",
    summary: "Get the account's deliveries by status and type",
    description: "The days from `startDate` to `endDate`, both included. Both may be the same day.",
    sdk: "accounts.usageAnalytics.get",
    access: reading,
    query: UsageQuery,
    compressed: true,
    answers: { 200: UsageAnalytics },
    errors: refusedDates,
  },
  getDailyUsage: {
    id: "get-daily-usage",
    method: "GET",
    path: "/v1/accounts/usage-daily",
    tag: "Accounts",
    summary: "Get the account's usage by the day",
    description:
      "The days from `startDate` to `endDate`, both included: uploads, stored and delivered bytes, uses of the derived image " +
      "cache, and refusals by reason. What other processes have counted in the last five seconds may be missing.",
    access: reading,
    query: UsageQuery,
    compressed: true,
    answers: { 200: DailyUsage },
    errors: refusedDates,
  },
} as const satisfies Readonly<Record<string, Operation>>;
