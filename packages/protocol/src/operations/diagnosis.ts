import { RefusalList, RefusalQuery } from "../schemas/refusals.ts";
import { TokenQuestion, TokenReport } from "../schemas/token-check.ts";
import { managing } from "./access.ts";
import type { Operation } from "./operation.ts";

/** The operations by which a developer finds out why something was refused. */
export const diagnosis = {
  listRefusals: {
    id: "list-refusals",
    method: "GET",
    path: "/_sluice/refusals",
    tag: "Accounts",
    summary: "List the account's recent refusals",
    description:
      "The last 500 at most, kept in the memory of the server: they are gone when it is started again. Requests of " +
      "strangers have places of their own among them.",
    access: managing,
    query: RefusalQuery,
    answers: { 200: RefusalList },
    errors: ["PARAMETER_INVALID"],
  },
  checkToken: {
    id: "check-token",
    method: "POST",
    path: "/_sluice/token-check",
    tag: "Accounts",
    summary: "Find out what is wrong with an upload token",
    description:
      "Judges a token and a form as an upload would, and names all that is wrong. The token is not used up. Of a token of " +
      "another account's key pair, nothing is said but that this account has no such pair.",
    access: managing,
    body: TokenQuestion,
    answers: { 200: TokenReport },
    errors: ["PARAMETER_INVALID"],
  },
} as const satisfies Readonly<Record<string, Operation>>;
